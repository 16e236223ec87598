/** One byte of any file that a run leaves is another: noticed, set aside, computed again, and the same numbers as before. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { below, random } from '../../../lib/base/random';
import { writeSealed } from '../../../lib/base/sealed';
import type { Result } from '../../../lib/experiments/documents/document';
import { documentsOf } from '../../../lib/experiments/documents/results';
import { run } from '../../../lib/experiments/runs/run';
import { cardOf, saveModel } from '../../../lib/model/files/safetensors';
import { folderWith } from '../../data/folders';
import { parity, source } from '../recipes/tinyTasks';
import { trunkOf } from '../recipes/trained';
import { allNumbers, both, namesIn, numbersOf, options, quiet } from './tinyRun';

/** Bytes of each kind of file that are changed, a run after each: more with PETERREC_DAMAGES. */
const DAMAGES = Number(process.env.PETERREC_DAMAGES ?? 1);

const runIn = (out: string) => run({ ...options, out, tasks: [parity] }, both);

/** Changes one byte of a file, and tells which. */
function damage(file: string, seed: number): string {
  const content = fs.readFileSync(file);
  const stream = random(seed, path.basename(file));
  const at = below(content.length, stream);
  content[at] ^= 1 + below(255, stream);
  fs.writeFileSync(file, content);
  return `byte ${at} of ${path.basename(file)}`;
}

const kinds = [
  'results/Parity-PeterRec.json',
  'results/Parity-PeterRec.tsv',
  'models/Parity-PeterRec.safetensors',
  'models/Parity-PeterRec.json',
  'results/Films-pretrain.json',
  'results/Films-pretrain.tsv',
  'models/Films-pretrain.safetensors',
  'models/Films-pretrain.json',
  'models/Films-pretrain.items.json',
];

for (const kind of kinds)
  test(`a changed byte in ${kind} is noticed, and what is computed again is what was there; so is a missing file`, async (t) => {
    const out = folderWith({});
    const said = quiet(t);
    const undisturbed = allNumbers(await runIn(out));
    const left = namesIn(out);
    const name = left.find((file) => file.replace(/-[0-9a-f]{12}-s1/, '') === kind) as string;
    const file = path.join(out, name);
    const { size } = fs.statSync(file);
    for (let seed = 1; seed <= DAMAGES; seed++) {
      said.length = 0;
      const where = damage(file, seed);
      assert.deepEqual(allNumbers(await runIn(out)), undisturbed, where);
      // A document of another form, or a blank more in it, is no wrong number: it may be passed over without a word.
      if (!name.endsWith('.json')) assert.ok(said.join('\n').includes(path.basename(name)), where);
      if (fs.existsSync(`${file}.damaged`)) assert.equal(fs.statSync(`${file}.damaged`).size, size);
      const whole = namesIn(out).filter((other) => !other.endsWith('.damaged'));
      assert.deepEqual(whole, left, where);
    }
    if (!/pretrain\.(safetensors|json|tsv)$/.test(kind)) return;
    fs.rmSync(file);
    assert.deepEqual(allNumbers(await runIn(out)), undisturbed);
    assert.ok(fs.existsSync(file));
  });

/** Puts another trunk in the place of one, whole in itself: as a run on another machine would leave it. */
function exchangeTrunk(out: string, { instances, ...document }: Result): void {
  const weights = path.join(out, 'models', instances.replace(/tsv$/, 'safetensors'));
  const card = JSON.parse(fs.readFileSync(cardOf(weights), 'utf8'));
  const { checksum } = saveModel(weights, trunkOf('causal'), { card, vocabulary: source.items });
  const rows = fs.readFileSync(path.join(out, 'results', instances), 'utf8');
  const file = path.join(out, 'results', instances.replace(/tsv$/, 'json'));
  writeSealed(file, { ...document, instances, left: checksum }, { [instances]: rows });
}

test('what was made from another trunk than is there is computed again, in a line, and nothing else', async (t) => {
  const out = folderWith({});
  const said = quiet(t);
  const first = await runIn(out);
  exchangeTrunk(out, first.pretraining[0]);
  const again = await runIn(out);
  assert.equal(said.length, 1);
  assert.match(said[0], /^Parity, PeterRec, seed 1: made from another trunk/);
  assert.equal(again.results[1].startedFrom, again.pretraining[0].left);
  assert.notEqual(again.results[1].startedFrom, first.results[1].startedFrom);
  assert.notDeepEqual(numbersOf(again.results)[1], numbersOf(first.results)[1]);
  assert.deepEqual(again.results[0], first.results[0]);
});

test('rows that are damaged take their document out of the list of all', async (t) => {
  const out = folderWith({});
  quiet(t);
  const { results } = await runIn(out);
  damage(path.join(out, 'results', results[1].instances), 1);
  assert.ok(documentsOf(out).every(({ instances }) => instances !== results[1].instances));
});
