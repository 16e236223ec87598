/** What products in bfloat16 change of a training, and what they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bf16, isa } from '../../../lib/engine/ops/kernels';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import { causal } from '../../../lib/experiments/methods/family';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { opponentRecipe, opponents } from '../../../lib/experiments/opponents/opponents';
import { type MtlRecord, nameOf } from '../../../lib/experiments/records/record';
import { resolve } from '../../../lib/experiments/resolve/resolve';
import { environmentOf } from '../../../lib/experiments/runs/watch';
import { recordOf } from './settingsOf';
import { news, parity, preset } from './tinyTasks';
import { pretrained, tuned } from './trained';

const skip = bf16() === 'none' && 'needs a processor that is quicker with bfloat16, or PETERREC_BF16';

/** Enough channels for products in bfloat16. */
const exact: Preset = { ...preset, channels: 32 };
const narrow: Preset = { ...exact, precision: 'bf16' };
const trunkBy = (by: Preset) => pretrained('causal', { preset: by });

const valuesOf = (weights: object) =>
  leaves<Weight>(weights as Tree<Weight>).flatMap(([, { values }]) => [...values]);

test('pre-training goes the same way, and its weights stay float32', { skip }, async () => {
  const [a, b, again] = [await trunkBy(exact), await trunkBy(narrow), await trunkBy(narrow)];
  assert.deepEqual(again.weights, b.weights);
  const [losses, ours] = [a, b].map(({ curve }) => curve.map(({ loss }) => loss));
  assert.notDeepEqual(ours, losses);
  for (const [i, loss] of losses.entries()) assert.ok(Math.abs(ours[i] - loss) < 0.02 * loss, `${ours[i]}`);
  const bits = new Uint32Array(Float32Array.from(valuesOf(b.weights)).buffer);
  assert.ok(bits.filter((word) => (word & 0xffff) !== 0).length > 0.9 * bits.length, 'weights were rounded');
});

test('fine-tuning keeps the trunk, and gives other numbers than float32; so does MTL', { skip }, async () => {
  const { trunk } = (await trunkBy(exact)).weights;
  const patchesBy = async (by: Preset) =>
    valuesOf((await tuned(news, causal.PeterRec, { preset: by, trunk })).weights.patches);
  assert.notDeepEqual(await patchesBy(narrow), await patchesBy(exact));
  const curveBy = async (by: Preset) =>
    (await opponentRecipe(recordOf<MtlRecord>(news, opponents.MTL, by), news).run(1)).curve.map(
      ({ loss }) => loss,
    );
  assert.notDeepEqual(await curveBy(narrow), await curveBy(exact));
});

const quick = bf16() !== 'none' && 'it is quicker here';
test('it is refused where it is not quicker', { skip: quick }, () =>
  assert.rejects(trunkBy(narrow), /^UserError: precision bf16: this processor /),
);

test('the precision is declared where convolutions are, and float32 goes without saying', () => {
  const namesIn = (by: Preset) => {
    const experiments = [causal.PeterRec, causal.FineZero, opponents.MTL, opponents.NeuFM];
    const on = { data: 'made-up', tasks: [parity], preset: by, seeds: 1 };
    return resolve([{ on: 'all', experiments }], on).map(({ record }) => nameOf(record));
  };
  const [names, others] = [namesIn(exact), namesIn(narrow)];
  const same = names.map((name, i) => name === others[i]);
  assert.deepEqual(same, [false, false, false, false, true]);
  assert.deepEqual(namesIn({ ...exact, precision: 'float32' }), names);
  assert.equal(environmentOf({ code: '', ...exact }).kernels, isa);
  assert.equal(environmentOf({ code: '', ...narrow }).kernels, `${isa}, bf16 by ${bf16}`);
});
