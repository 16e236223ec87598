import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { saveUserModel } from '../../../lib/model/exchange/exportModel';
import { loadUserModel } from '../../../lib/model/files/patchFile';
import { cardOf, saveModel, vocabularyOf } from '../../../lib/model/files/safetensors';
import { itemsOf, loadTrunk, trunkSequences } from '../../../lib/model/files/trunkFile';
import type { Padding } from '../../../lib/model/trunks/architecture';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from '../exchange/authorsFiles';
import { FILMS, tinyFiles, write } from '../exchange/tinyFiles';
import { LENGTH } from '../tinyModel';

test('a trunk of a run is what was saved, with its vocabulary and length', () => {
  const { trunk, shape, model } = tinyFiles('non-causal');
  const source = { items: FILMS, length: LENGTH };
  assert.deepEqual(loadTrunk(trunk), { name: trunk, shape, weights: model.trunk, source });
});

test("the authors' checkpoints open by their prefix or their index", () => {
  const prefix = saveCheckpoint(authorsVariables(madeUpTrunk()));
  for (const name of [prefix, `${prefix}.index`]) {
    const { weights, shape } = loadTrunk(name, 'non-causal');
    assert.deepEqual(weights, madeUpTrunk());
    assert.equal(shape.trunk, 'non-causal');
  }
});

test('a trunk reads the latest items, with embedded padding up to the length of training', () => {
  const rows = [[1, 2, 3, 4, 5, 6, 1], [6]].map((row) => Int32Array.from(row));
  const read = (padding: Padding) =>
    trunkSequences(loadTrunk(tinyFiles('causal', 'classify', padding).trunk), rows).map((row) => [...row]);
  assert.deepEqual(read('masked'), [[3, 4, 5, 6, 1], [6]]);
  assert.deepEqual(read('embedded'), [
    [3, 4, 5, 6, 1],
    [0, 0, 0, 0, 6],
  ]);
});

const authors = saveCheckpoint(authorsVariables(madeUpTrunk()));
const own = tinyFiles('causal');
/** A fresh trunk of which one bit of a file beside it is another. */
function flipped(of: (trunk: string) => string): string {
  const { trunk } = tinyFiles('causal');
  const content = fs.readFileSync(of(trunk));
  content[content.length - 3] ^= 1;
  fs.writeFileSync(of(trunk), content);
  return trunk;
}

function withVocabulary(vocabulary: readonly string[]): string {
  const { trunk, model, shape } = tinyFiles('causal');
  saveModel(trunk, model.trunk, { card: { ...shape, length: 4 }, vocabulary });
  return trunk;
}

function renamed(): string {
  const { trunk } = tinyFiles('causal');
  const name = trunk.replace('trunk', 'mine');
  for (const of of [(file: string) => file, cardOf, vocabularyOf]) fs.renameSync(of(trunk), of(name));
  return name;
}

function wholeModel(): string {
  const file = path.join(own.folder, 'model.safetensors');
  saveUserModel(file, loadUserModel(own.trunk, own.patch));
  return file;
}

const MISTAKES: readonly (readonly [what: string, open: () => unknown, found: RegExp])[] = [
  ["an authors' checkpoint of unknown direction", () => loadTrunk(authors), /^--trunk: .*model\.ckpt/],
  ['its raw ids', () => itemsOf(loadTrunk(authors, 'causal')), /^--ids raw: .*model\.ckpt/],
  [
    'another direction',
    () => loadTrunk(own.trunk, 'non-causal'),
    /--trunk non-causal: .*trunk\.\S+ is causal/,
  ],
  ['another kind', () => loadTrunk(write(own, 'trunk.txt', '')), /trunk\.txt: expected a \.safetensors/],
  ['no card', () => loadTrunk(write(own, 'bare.safetensors', '')), /bare\.json: expected the JSON card/],
  ['a patch set', () => loadTrunk(own.patch), /patch\.json: expected the card of a trunk, .* without items/],
  ['a whole user model', () => loadTrunk(wholeModel()), /model\.safetensors: expected embedding/],
  [
    'a short vocabulary',
    () => loadTrunk(withVocabulary(FILMS.slice(1))),
    /trunk\.items\.json: .* 6 item ids/,
  ],
  ['another bit of a vocabulary', () => loadTrunk(flipped(vocabularyOf)), /trunk\.items\.json is damaged/],
  ['another bit of a weight', () => loadTrunk(flipped((file) => file)), /trunk\.safetensors is damaged/],
  ['another name', () => loadTrunk(renamed()), /mine\.json: .* mine\.\S+, found that of trunk\./],
  [
    'patches of another trunk',
    () => loadUserModel(tinyFiles('non-causal').trunk, own.patch),
    /patch\.safetensors: expected the trunk with the weights \w{64} .*, found \w{64}/,
  ],
  ['a card', () => loadUserModel(own.trunk, cardOf(own.patch)), /^--patch .*patch\.json: expected/],
];

for (const [what, open, found] of MISTAKES)
  test(`${what}: one line names the file`, () => assert.throws(open, { name: 'UserError', message: found }));
