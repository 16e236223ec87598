/** What fine-tuning may change and what not, for every method on either trunk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import { type FineTuning, isOther } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { trunkNames } from '../../../lib/model/trunks/names';
import { isOn, type Trunk, ways } from '../../../lib/questions/methods';
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
/** Every way of tuning, of one size, on the trunks that the paper does not have. */
const others = trunkNames
  .slice(2)
  .flatMap((trunk) =>
    ways
      .filter((way) => !/-(4|16)$/.test(way.id) && isOn(trunk as Trunk)(way))
      .map(({ label, differs }): FineTuning => ({ ...causal.PeterRec, label, trunk, ...differs })),
  );

/** GELU and a wider side network: where one channel is all, a dead ReLU would look like frozen weights. */
function alive({ patches, ...method }: FineTuning): FineTuning {
  if (!patches) return { ...method, patches };
  if (patches.form === 'side network') return { ...method, patches: { ...patches, ratio: 2 } };
  return { ...method, patches: isOther(patches) ? patches : { ...patches, activation: 'gelu' } };
}

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
