import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountOf, accountOfCounts, accountOfPretraining } from '../../lib/experiments/account';
import { startModel } from '../../lib/experiments/finetune';
import { presets } from '../../lib/experiments/presets';
import { freshPretraining } from '../../lib/experiments/pretrain';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { assertClose } from '../tensorflow/bothWays';
import { fineTuning, news, parity, preset, source } from './tinyTasks';

/**
 * k = 8 and two blocks: embedding (12 + 2) · 8 = 112; four layers of kernel 3 · 8 · 8 and three vectors of 8, in all
 * 4 · 216 = 864; four patches of d = 1 with 2 · 8 weights and 1 + 8 biases, in all 100; ten labels of 8 + 1, in all 90.
 */
const accounts: readonly (readonly [string, number, number])[] = [
  ['PeterRec', 112 + 864 + 100 + 90, 100 + 90],
  ['PeterZero-all', 112 + 864 + 100 + 90, 112 + 864 + 100 + 90],
  ['FineAll', 112 + 864 + 90, 112 + 864 + 90],
  ['FineCLS', 112 + 864 + 90, 90],
];
for (const [name, total, tuned] of accounts) {
  test(`${name} has ${total} parameters and tunes ${tuned}, a share of the ${112 + 864 + 90} that FineAll tunes`, () => {
    const experiment = fineTuning(name);
    const model = startModel(news, experiment, preset, 1, freshPretraining(source, preset, 1).trunk);
    assert.deepEqual(accountOf(model, experiment), {
      total,
      tuned,
      share: tuned / (112 + 864 + 90),
      perTaskBytes: 4 * tuned,
    });
  });
}

test('pre-training tunes the trunk and its softmax layer of twelve items', () => {
  const total = 112 + 864 + 12 * 9;
  assert.deepEqual(accountOfPretraining(freshPretraining(source, preset, 1) as Tree<Weight>), {
    total,
    tuned: total,
    share: 1,
    perTaskBytes: 4 * total,
  });
});

test('counting labels keeps a number for each and tunes nothing', () => {
  assert.deepEqual(accountOfCounts(6), { total: 6, tuned: 0, share: 0, perTaskBytes: 24 });
});

/** Weights of the paper's configuration without biases and layer norms; |X| and |Y| enter as rows of 256. */
const size = (tree: unknown) =>
  leaves<Weight>(tree as Tree<Weight>)
    .filter(([path]) => /kernel|weight/.test(path))
    .reduce((sum, [, { values }]) => sum + values.length, 0);
const paperModel = startModel(
  parity,
  fineTuning('PeterRec'),
  presets.paper,
  1,
  freshPretraining(source, presets.paper, 1).trunk,
);

test('two patches a block at k = 256 are 2kd · 16 = 262,144 weights beside 3k² · 16 of the convolutions', () => {
  assert.equal(size(paperModel.patches), 262_144);
  assert.equal(size(paperModel.trunk), 3 * 256 * 256 * 16);
});

const published: readonly (readonly [task: string, items: number, labels: number, percent: number])[] = [
  ['ColdRec-1', 191_000, 20_000, 9.42],
  ['ColdRec-2', 645_000, 17_000, 2.67],
  ['GenEst', 645_000, 2, 0.156],
  ['AgeEst', 645_000, 8, 0.157],
  ['LifeEst', 645_000, 6, 0.157],
];
for (const [task, items, labels, percent] of published) {
  test(`PeterRec tunes ${percent} % of what FineAll tunes on ${task}, as in the paper`, () => {
    const tuned = size(paperModel.patches) + labels * 256;
    const fineAll = items * 256 + size(paperModel.trunk) + labels * 256;
    assertClose([(100 * tuned) / fineAll], [percent], percent > 1 ? 0.005 : 0.0005);
  });
}
