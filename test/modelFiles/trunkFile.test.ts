import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { saveUserModel } from '../../lib/exchange/exportModel';
import type { Padding } from '../../lib/model/trunk';
import { cardOf, saveModel, vocabularyOf } from '../../lib/modelFiles/safetensors';
import { itemsOf, loadTrunk, trunkSequences } from '../../lib/modelFiles/trunkFile';
import { loadUserModel } from '../../lib/modelFiles/userModelFile';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from '../exchange/authorsFiles';
import { FILMS, tinyFiles, write } from '../exchange/tinyFiles';
import { LENGTH } from '../model/tinyModel';

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
    assert.equal(shape.direction, 'non-causal');
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
const MISTAKES: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "an authors' checkpoint of unknown direction",
    () => loadTrunk(authors),
    /^--trunk: expected causal or non-causal, as .*model\.ckpt does not say which it is$/,
  ],
  [
    "raw ids for an authors' checkpoint",
    () => itemsOf(loadTrunk(authors, 'causal')),
    /^--ids raw: .*model\.ckpt has no item vocabulary; expected --ids model$/,
  ],
  [
    'the other direction than the card has',
    () => loadTrunk(own.trunk, 'non-causal'),
    /^--trunk non-causal: .*trunk\.safetensors is causal$/,
  ],
  [
    'a file of another kind',
    () => loadTrunk(write(own, 'trunk.txt', 'no model')),
    /trunk\.txt: expected a \.safetensors file or the prefix of a TensorFlow checkpoint$/,
  ],
  [
    'a file without a card',
    () => loadTrunk(write(own, 'bare.safetensors', 'no model')),
    /bare\.json: expected the JSON card of bare\.safetensors$/,
  ],
  [
    'a patch',
    () => loadTrunk(own.patch),
    /patch\.json: expected the card of a trunk, found one without items$/,
  ],
  [
    'a vocabulary of another length',
    () => {
      const { trunk, model, shape } = tinyFiles('causal');
      const { direction, ...sizes } = shape;
      const card = { trunk: direction, ...sizes, length: 4 };
      saveModel(trunk, model.trunk, { card, vocabulary: FILMS.slice(1) });
      return loadTrunk(trunk);
    },
    /trunk\.items\.json: expected the vocabulary of a trunk, a JSON list of 6 item ids$/,
  ],
  [
    'a vocabulary with another item',
    () => {
      const { trunk } = tinyFiles('causal');
      fs.writeFileSync(vocabularyOf(trunk), JSON.stringify([...FILMS.slice(1), 'another']));
      return loadTrunk(trunk);
    },
    /trunk\.items\.json is damaged: it has another checksum than it was written with$/,
  ],
  [
    'a weight with another bit',
    () => {
      const { trunk } = tinyFiles('causal');
      const content = fs.readFileSync(trunk);
      content[content.length - 1] ^= 1;
      fs.writeFileSync(trunk, content);
      return loadTrunk(trunk);
    },
    /trunk\.safetensors is damaged: it has another checksum than it was written with$/,
  ],
  [
    'a trunk under another name',
    () => {
      const { trunk } = tinyFiles('causal');
      const renamed = trunk.replace('trunk', 'mine');
      for (const nameOf of [(file: string) => file, cardOf, vocabularyOf])
        fs.renameSync(nameOf(trunk), nameOf(renamed));
      return loadTrunk(renamed);
    },
    /mine\.json: expected the card of mine\.safetensors, found that of trunk\.safetensors: a model is read under/,
  ],
  [
    'patches whose trunk is in no file',
    () => {
      const { trunk, patch } = tinyFiles('causal');
      fs.rmSync(trunk.replace('safetensors', 'json'));
      return loadUserModel(tinyFiles('non-causal').trunk, patch);
    },
    /: patches fit no other; none beside it is that, and a random trunk, as Zero methods have, is in no file$/,
  ],
  [
    'patches of another trunk, theirs beside them',
    () => loadUserModel(tinyFiles('non-causal').trunk, own.patch),
    /patch\.safetensors: expected the trunk .*trunk\.safetensors, whose weights have the hash \w{64}, not/,
  ],
  [
    'patches of another trunk, one beside them that says no hash',
    () => {
      const { trunk, patch, model, shape } = tinyFiles('causal');
      const { direction, ...sizes } = shape;
      saveModel(trunk, model.trunk, {
        card: { trunk: direction, ...sizes, length: LENGTH },
        vocabulary: FILMS,
      });
      assert.equal(loadUserModel(trunk, patch).card.task, 'Taste');
      return loadUserModel(tinyFiles('non-causal').trunk, patch);
    },
    /patch\.safetensors: expected the trunk whose weights have the hash \w{64}, not/,
  ],
  [
    'a patch set by the name of its card',
    () => loadUserModel(own.trunk, cardOf(own.patch)),
    /^--patch .*patch\.json: expected a \.safetensors file$/,
  ],
  [
    'a whole user model in place of a trunk',
    () => {
      saveUserModel(own.folder, loadUserModel(own.trunk, own.patch));
      return loadTrunk(path.join(own.folder, 'model.safetensors'));
    },
    /^--checkpoint .*model\.safetensors: expected a trunk, found a whole user model, which export writes/,
  ],
];

for (const [what, open, message] of MISTAKES) {
  test(`${what} is an error that names what was expected`, () => {
    assert.throws(open, { name: 'UserError', message });
  });
}
