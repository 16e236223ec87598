/** What products in bfloat16 change of a training, and what they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { opponents } from '../../lib/methods/opponents';
import type { Preset } from '../../lib/methods/presets';
import type { TrunkWeights } from '../../lib/model/trunk';
import { compileFineTuning, finetune, startModel } from '../../lib/recipes/finetune';
import { mtlRecipe } from '../../lib/recipes/mtl';
import { compilePretraining, pretrain } from '../../lib/recipes/pretrain';
import { pretrainingOf, tuningOf } from '../../lib/recipes/settings';
import { keyOfPair, keyOfTrunk } from '../../lib/runs/declaration';
import { environmentOf } from '../../lib/runs/session';
import { bf16, isa } from '../../lib/tensorflow/ops/kernels';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { news, parity, preset, source } from './tinyTasks';

const skip = bf16 === 'none' && 'needs a processor that is quicker with bfloat16, or PETERREC_BF16';

/** Enough channels for products in bfloat16. */
const exact: Preset = { ...preset, channels: 32 };
const narrow: Preset = { ...exact, precision: 'bf16' };

async function pretrained(by: Preset) {
  const setting = pretrainingOf(source, by, 'causal');
  const program = compilePretraining(setting);
  try {
    return await pretrain(program, setting, 1);
  } finally {
    program.dispose();
  }
}

async function tuned(by: Preset, trunk: TrunkWeights<Weight>) {
  const tuning = tuningOf(news, causal.PeterRec, by);
  const start = startModel(tuning, 1, trunk);
  const program = compileFineTuning(tuning, start);
  try {
    return await finetune(program, tuning, { seed: 1, start }); // which throws where the trunk is not what it was
  } finally {
    program.dispose();
  }
}

const valuesOf = (weights: object) =>
  leaves<Weight>(weights as Tree<Weight>).flatMap(([, { values }]) => [...values]);

test('pre-training goes the same way, and its weights stay float32', { skip }, async () => {
  const [a, b, again] = [await pretrained(exact), await pretrained(narrow), await pretrained(narrow)];
  assert.deepEqual(again.weights, b.weights);
  const [losses, ours] = [a, b].map(({ curve }) => curve.map(({ loss }) => loss));
  assert.notDeepEqual(ours, losses);
  for (const [i, loss] of losses.entries()) assert.ok(Math.abs(ours[i] - loss) < 0.02 * loss, `${ours[i]}`);
  const bits = new Uint32Array(Float32Array.from(valuesOf(b.weights)).buffer);
  assert.ok(bits.filter((word) => (word & 0xffff) !== 0).length > 0.9 * bits.length, 'weights were rounded');
});

test('fine-tuning leaves the trunk as it is, and gives other numbers than float32', { skip }, async () => {
  const { trunk } = (await pretrained(exact)).weights;
  const [a, b] = [await tuned(exact, trunk), await tuned(narrow, trunk)];
  assert.notDeepEqual(valuesOf(b.weights.patches), valuesOf(a.weights.patches));
});

test('MTL trains in it too', { skip }, async () => {
  const curveOf = async (by: Preset) => {
    const recipe = mtlRecipe(news, by);
    try {
      return (await recipe.run(1)).curve;
    } finally {
      recipe.dispose();
    }
  };
  const [a, b] = [await curveOf(exact), await curveOf(narrow)];
  assert.notDeepEqual(b, a);
});

test('it is refused where it is not quicker, in one sentence', {
  skip: bf16 !== 'none' && 'it is quicker here',
}, async () => {
  await assert.rejects(
    pretrained(narrow),
    /^UserError: precision bf16: this processor .* expected float32, or /,
  );
});

test('the precision is declared where convolutions are, and float32 goes without saying', () => {
  const namesIn = (by: Preset) => {
    const session = { preset: by, codes: {} };
    const experiments = [causal.PeterRec, causal.FineZero, opponents.MTL, opponents.NeuFM];
    return [
      keyOfTrunk(session, pretrainingOf(source, by, 'causal'), 1).hash,
      ...experiments.map((experiment) => keyOfPair(session, { task: parity, experiment }, 1).hash),
    ];
  };
  const [names, others] = [namesIn(exact), namesIn(narrow)];
  assert.deepEqual(
    names.map((name, i) => name === others[i]),
    [false, false, false, false, true],
  );
  assert.deepEqual(namesIn({ ...exact, precision: 'float32' }), names);
});

test('documents say which instructions multiplied', () => {
  assert.equal(environmentOf(exact).kernels, isa);
  assert.equal(environmentOf(narrow).kernels, `${isa}, bf16 by ${bf16}`);
});
