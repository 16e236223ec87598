import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { presets } from '../../lib/methods/presets';
import { vary } from '../../lib/methods/vary';
import { paperAccount, SECTION_3_3 } from '../../lib/paper/arithmetic';
import { startModel } from '../../lib/recipes/finetune';
import { selectionOf } from '../../lib/recipes/frozen';
import { freshPretraining } from '../../lib/recipes/pretrain';
import { pretrainingOf, tuningOf } from '../../lib/recipes/settings';
import { accountOf, accountOfCounts, accountOfPretraining } from '../../lib/runs/measured';
import { leaves, type Tree, type Weight } from '../../lib/tensorflow/weights';
import { fineTuning, news, parity, preset, source } from '../recipes/tinyTasks';
import { assertClose } from '../tensorflow/bothWays';

/**
 * k = 8 and two blocks: embedding (12 + 2) · 8 = 112; four layers of kernel 3 · 8 · 8 and three vectors of 8, in all
 * 4 · 216 = 864; four patches of d = 1 with 2 · 8 weights and 1 + 8 biases, in all 100; ten labels of 8 + 1, in all 90.
 */
const accounts: readonly (readonly [string, number, number])[] = [
  ['PeterRec', 112 + 864 + 100 + 90, 100 + 90],
  ['PeterZero-all', 112 + 864 + 100 + 90, 112 + 864 + 100 + 90],
  ['FineAll', 112 + 864 + 90, 112 + 864 + 90],
  ['FineCLS', 112 + 864 + 90, 90],
  ['FineCLSZero', 112 + 864 + 90, 90],
  ['FineLast1', 112 + 864 + 90, 216 + 90],
  ['FineLast2', 112 + 864 + 90, 2 * 216 + 90],
  ['FineZero', 112 + 864 + 90, 112 + 864 + 90],
];
for (const [name, total, tuned] of accounts) {
  test(`${name} has ${total} parameters and tunes ${tuned}, a share of the ${112 + 864 + 90} that FineAll tunes`, () => {
    const experiment = fineTuning(name);
    const { trunk } = freshPretraining(pretrainingOf(source, preset, 'causal'), 1);
    const model = startModel(tuningOf(news, experiment, preset), 1, trunk);
    assert.deepEqual(accountOf(model, experiment), {
      total,
      tuned,
      share: tuned / (112 + 864 + 90),
      perTaskBytes: 4 * tuned,
    });
  });
}

test('patches that are not tuned are kept for each task too', () => {
  const experiment = vary(causal.PeterRec, { tuned: 'last layer and classifier' });
  const { trunk } = freshPretraining(pretrainingOf(source, preset, 'causal'), 1);
  const { tuned, perTaskBytes } = accountOf(
    startModel(tuningOf(news, experiment, preset), 1, trunk),
    experiment,
  );
  assert.deepEqual([tuned, perTaskBytes], [216 + 90, 4 * (216 + 100 + 90)]);
});

test('pre-training tunes the trunk and its softmax layer of twelve items', () => {
  const total = 112 + 864 + 12 * 9;
  assert.deepEqual(
    accountOfPretraining(freshPretraining(pretrainingOf(source, preset, 'causal'), 1) as Tree<Weight>),
    {
      total,
      tuned: total,
      share: 1,
      perTaskBytes: 4 * total,
    },
  );
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
  tuningOf(parity, fineTuning('PeterRec'), presets.paper),
  1,
  freshPretraining(pretrainingOf(source, presets.paper, 'causal'), 1).trunk,
);

test('two patches a block at k = 256 are 2kd · 16 = 262,144 weights beside 3k² · 16 of the convolutions', () => {
  assert.equal(size(paperModel.patches), 262_144);
  assert.equal(size(paperModel.trunk), 3 * 256 * 256 * 16);
});

/** The order in the caption of Fig. 5. */
const trunkParameters: readonly (readonly [string, number])[] = [
  ['FineLast2', 393_216],
  ['PeterRec', 262_144],
  ['FineLast1', 196_608],
  ['FineCLS', 0],
];
for (const [name, count] of trunkParameters) {
  test(`besides its classifier ${name} tunes ${count} weights at k = 256`, () => {
    const tuned = selectionOf(fineTuning(name))<Weight>(paperModel);
    const outside = tuned.filter((tree) => tree !== paperModel.head);
    assert.equal(
      outside.reduce((sum, tree) => sum + size(tree), 0),
      count,
    );
  });
}

test('a non-causal model has one embedding more, that of [MASK]', () => {
  const total = ({ PeterRec }: typeof causal) => {
    const { trunk } = freshPretraining(pretrainingOf(source, preset, PeterRec.trunk), 1);
    return accountOf(startModel(tuningOf(news, PeterRec, preset), 1, trunk), PeterRec);
  };
  assert.equal(total(nonCausal).total, total(causal).total + preset.channels);
  assert.equal(total(nonCausal).tuned, total(causal).tuned);
});

test('a trained [TCL] costs a task k parameters', () => {
  const experiment: FineTuning = { ...fineTuning('PeterRec'), tcl: 'trained' };
  const { trunk } = freshPretraining(pretrainingOf(source, preset, 'causal'), 1);
  const { tuned } = accountOf(startModel(tuningOf(news, experiment, preset), 1, trunk), experiment);
  assert.equal(tuned, 100 + 90 + preset.channels);
});

test('the example of section 3.3 has 638,853,120 parameters and tunes 11,509,760 of them, 1.80 %', () => {
  const { fineAll, peterRec, patches, classifier, share } = paperAccount(SECTION_3_3);
  assert.deepEqual([fineAll, peterRec], [638_853_120, 11_509_760]);
  // "about 10 million" and "1 million"
  assert.deepEqual([patches, classifier], [10_485_760, 1_024_000]);
  assert.equal((100 * share).toFixed(2), '1.80');
});

test('the arithmetic of the paper is that of a model, biases, layer norms and special rows aside', () => {
  const { head, trunk, patches } = paperModel;
  const sizes = { items: 12, labels: 2, channels: 256, kernel: 3, layers: 16, patches: 16, squeeze: 8 };
  const found = paperAccount(sizes);
  assert.equal(found.convolutions, size(trunk));
  assert.equal(found.patches, size(patches));
  assert.equal(found.classifier, head.table.values.length);
  assert.equal(found.embedding, trunk.embedding.values.length - 2 * 256);
});

const published: readonly (readonly [task: string, items: number, labels: number, percent: number])[] = [
  ['ColdRec-1', 191_000, 20_000, 9.42],
  ['ColdRec-2', 645_000, 17_000, 2.67],
  ['GenEst', 645_000, 2, 0.156],
  ['AgeEst', 645_000, 8, 0.157],
  ['LifeEst', 645_000, 6, 0.157],
];
for (const [task, items, labels, percent] of published) {
  test(`PeterRec tunes ${percent} % of what FineAll tunes on ${task}, as in the caption of Table 3`, () => {
    const sizes = { items, labels, channels: 256, kernel: 3, layers: 16, patches: 16, squeeze: 8 };
    assertClose([100 * paperAccount(sizes).share], [percent], percent > 1 ? 0.005 : 0.0005);
  });
}
