/** What fine-tuning may change and what not, for every method on either trunk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import { type FineTuning, isOther } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { type Changes, vary } from '../../../lib/experiments/methods/vary';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { news, parity } from './tinyTasks';
import { tuned } from './trained';

const methods = [causal, nonCausal].flatMap((family) => Object.values(family));
const variants = [causal, nonCausal].flatMap(({ PeterRec, FineCLS }): FineTuning[] => [
  { ...PeterRec, label: 'the authors’ selection', tuned: 'patches, second layer norms and classifier' },
  { ...PeterRec, label: 'PeterRec with its own [TCL]', tcl: 'trained' },
  { ...FineCLS, label: 'FineCLS with its own [TCL]', tcl: 'trained' },
  { ...PeterRec, label: 'PeterRec on the sum of all states', representation: 'sum' },
  { ...PeterRec, label: 'PeterRec by the authors’ loss', loss: 'authors' },
]);
/** Every way of tuning on the trunks that the paper does not have. */
const others = (['SASRec', 'bidirectional SASRec', 'GRU'] as const).flatMap((trunk) => {
  const on = (changes: Changes): FineTuning => vary(causal.PeterRec, { trunk, ...changes });
  const none = (tuned: FineTuning['tuned']): FineTuning => ({ ...on({ tuned }), patches: null });
  return [
    on({}),
    on({ patches: { form: 'LoRA', rank: 2, alpha: 2 } }),
    on({ patches: { form: 'DoRA', rank: 2, alpha: 2 } }),
    on({ patches: { form: '(IA)³' } }),
    on({ patches: { form: 'prompt', length: 2 } }),
    on({ patches: { form: 'side network', ratio: 2 } }),
    on({ itemRank: 2 }),
    none('everything'),
    none('last layer and classifier'),
    none('embedding and classifier'),
    none('biases and classifier'),
    ...(trunk === 'GRU' ? [] : [none('norms and classifier')]),
  ];
});

/** GELU, since in a bottleneck of one channel a dead ReLU would look like a frozen patch. */
const alive = ({ patches, ...method }: FineTuning): FineTuning => ({
  ...method,
  patches: patches && !isOther(patches) ? { ...patches, activation: 'gelu' } : patches,
});

const bitsOf = ({ values }: Weight) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

for (const task of [parity, news]) {
  for (const experiment of [...methods, ...variants, ...others].map(alive)) {
    test(`${task.name}, ${experiment.label}, ${experiment.trunk}: outside the selection every weight is bit-identical, inside every one has changed`, async () => {
      const { start, weights } = await tuned(task, experiment);
      const selected = selectionOf(experiment)<Weight>(start).flatMap((tree) => leaves<Weight>(tree));
      const chosen = new Set(selected.map(([, weight]) => weight));
      const after = new Map(leaves<Weight>(weights as Tree<Weight>));
      for (const [path, weight] of leaves<Weight>(start as Tree<Weight>)) {
        const same = bitsOf(after.get(path) as Weight).equals(bitsOf(weight));
        assert.equal(same, !chosen.has(weight), path);
      }
    });
  }
}
