import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paperAccount } from '../../../lib/data/paper/arithmetic';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { type Preset, presets } from '../../../lib/experiments/methods/presets';
import { vary } from '../../../lib/experiments/methods/vary';
import { LabelCS, opponents } from '../../../lib/experiments/opponents/opponents';
import { accountOf, accountOfCounts, accountOfPretraining } from '../../../lib/experiments/recipes/accounts';
import { startModel } from '../../../lib/experiments/recipes/finetune';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { freshPretraining } from '../../../lib/experiments/recipes/pretrain';
import { run } from '../../../lib/experiments/runs/run';
import { taskAccounts } from '../../../lib/experiments/runs/taskAccounts';
import { folderWith } from '../../data/folders';
import { assertClose } from '../../engine/bothWays';
import { pretrainingOf, tuningOf } from '../recipes/settingsOf';
import { fineTuning, news, parity, preset, source } from '../recipes/tinyTasks';
import { trunkOf } from '../recipes/trained';
import { everywhere, options } from './tinyRun';

const modelOf = (experiment: FineTuning, task = news, own: Preset = preset) =>
  startModel(tuningOf(task, experiment, own), 1, trunkOf(experiment.trunk, own));
const account = (experiment: FineTuning) => accountOf(modelOf(experiment), experiment);

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
test('a method has these parameters and tunes these, a share of those that FineAll tunes', () => {
  for (const [name, total, tuned] of accounts) {
    const expected = { total, tuned, share: tuned / (112 + 864 + 90), perTaskBytes: 4 * tuned };
    assert.deepEqual(account(fineTuning(name)), expected, name);
  }
});

test('patches that are not tuned are kept for each task too; [MASK] is one embedding, a trained [TCL] k parameters', () => {
  const { tuned, perTaskBytes } = account(vary(causal.PeterRec, { tuned: 'last layer and classifier' }));
  assert.deepEqual([tuned, perTaskBytes], [216 + 90, 4 * (216 + 100 + 90)]);
  const [one, other] = [account(causal.PeterRec), account(nonCausal.PeterRec)];
  assert.deepEqual([other.total, other.tuned], [one.total + preset.channels, one.tuned]);
  assert.equal(account({ ...causal.PeterRec, tcl: 'trained' }).tuned, 100 + 90 + preset.channels);
});

test('pre-training tunes the trunk and its softmax layer of twelve items; counting labels tunes nothing', () => {
  const total = 112 + 864 + 12 * 9;
  const weights = freshPretraining(pretrainingOf(source, preset, 'causal'), 1) as Tree<Weight>;
  assert.deepEqual(accountOfPretraining(weights), { total, tuned: total, share: 1, perTaskBytes: 4 * total });
  assert.deepEqual(accountOfCounts(6), { total: 6, tuned: 0, share: 0, perTaskBytes: 24 });
});

/** Weights of the paper's configuration without biases and layer norms; |X| and |Y| enter as rows of 256. */
const size = (tree: unknown) =>
  leaves<Weight>(tree as Tree<Weight>)
    .filter(([path]) => /kernel|weight/.test(path))
    .reduce((sum, [, { values }]) => sum + values.length, 0);
const paperModel = modelOf(fineTuning('PeterRec'), parity, presets.paper);

/** The order in the caption of Fig. 5. */
const trunkParameters = { FineLast2: 393_216, PeterRec: 262_144, FineLast1: 196_608, FineCLS: 0 };
test('besides its classifier a method tunes the weights of the caption of Fig. 5 at k = 256', () => {
  for (const [name, count] of Object.entries(trunkParameters)) {
    const tuned = selectionOf(fineTuning(name))<Weight>(paperModel);
    assert.equal(size(tuned.filter((tree) => tree !== paperModel.head)), count, name);
  }
});

const paperSizes = { channels: 256, kernel: 3, layers: 16, patches: 16, squeeze: 8 };

test('the arithmetic of the paper is that of a model, biases, layer norms and special rows aside', () => {
  const { head, trunk, patches } = paperModel;
  const found = paperAccount({ items: 12, labels: 2, ...paperSizes });
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
test('PeterRec tunes the shares of the caption of Table 3', () => {
  for (const [, items, labels, percent] of published) {
    const { share } = paperAccount({ items, labels, ...paperSizes });
    assertClose([100 * share], [percent], percent > 1 ? 0.005 : 0.0005);
  }
});

test('without training the accounts are those of the documents that a run leaves', async () => {
  const out = folderWith({});
  const { ItemCooccurrence, EASE, DeepFM, MTL } = opponents;
  const experiments = [LabelCS, ItemCooccurrence, EASE, DeepFM, MTL, nonCausal.PeterRec];
  const { results } = await run({ ...options, out, tasks: [parity] }, everywhere(...experiments));
  const told = taskAccounts([parity], experiments, preset);
  const found = told.map(({ components: _, method, ...own }) => ({ ...own, method: method.label }));
  const expected = results.map(({ task, method, parameters }) => ({ task, method, ...parameters }));
  assert.deepEqual(found, expected);
});

test('components of a model add up to it: k = 8, two blocks, patches of one channel, ten labels', () => {
  const [{ components = {}, total }] = taskAccounts([news], [nonCausal.PeterRec], preset);
  assert.deepEqual(components, {
    embedding: (12 + 3) * 8, // items, padding, [TCL], [MASK]
    layers: 4 * (3 * 8 * 8 + 8),
    norms: 4 * 2 * 8,
    patches: 4 * (2 * 8 + 1 + 8),
    classifier: 10 * 9,
  });
  const sum = Object.values(components).reduce((all, count) => all + count, 0);
  assert.equal(sum, total);
  assert.equal(taskAccounts([news], [opponents.DeepFM], preset)[0].components, undefined);
});
