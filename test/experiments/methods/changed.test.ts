import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBestSetting } from '../../../lib/experiments/methods/best';
import { causal } from '../../../lib/experiments/methods/family';
import { type Preset, presets } from '../../../lib/experiments/methods/presets';
import { sizedAs, withChoice } from '../../../lib/experiments/methods/space';
import { opponentBudget, opponentOf, opponents } from '../../../lib/experiments/opponents/opponents';
import { budgetOf } from '../../../lib/experiments/resolve/tasks';
import { changedBy } from '../../../lib/experiments/workbench/changed';

const { default: preset } = presets;

test('what a card gives takes the place of what the preset has, and nothing else changes', () => {
  const changed = changedBy(preset, {
    channels: 64,
    pretraining: { passes: 3 },
    recommend: { passes: 7, rates: { part: 0.01 } },
  });
  assert.equal(changed.channels, 64);
  for (const objective of ['nextItem', 'maskedItems'] as const)
    assert.deepEqual(changed.pretraining[objective], { ...preset.pretraining[objective], passes: 3 });
  const { rates } = preset.recommend;
  assert.deepEqual(changed.recommend, { ...preset.recommend, passes: 7, rates: { ...rates, part: 0.01 } });
  assert.deepEqual(changed.classify, preset.classify);
  assert.equal(changedBy(preset, undefined), preset);
});

test('what is given goes before what was tuned, and before what is the best setting’s own, each by itself', () => {
  const { PeterRec, FineAll } = causal;
  const choice = { rate: 0.007, dropout: 0.1 };
  const tuned = withChoice(withChoice(preset, PeterRec, 'classify', choice), FineAll, 'classify', choice);
  /** Rates of everything and of a part, and dropout: of PeterRec, FineAll and the best setting. */
  const budgetsWith = (given: Parameters<typeof changedBy>[1]) =>
    [PeterRec, FineAll, inBestSetting(PeterRec)].map((method) => {
      const { rates, dropout } = budgetOf('classify', method, changedBy(tuned, given));
      return [rates.everything, rates.part, dropout];
    });
  const { rates, dropout } = preset.best.classify;
  assert.ok(rates && dropout);
  assert.deepEqual(budgetsWith({ classify: { rates: { part: 0.02 } } }), [
    [0.007, 0.02, 0.1],
    [0.007, 0.02, 0.1],
    [rates.everything, 0.02, dropout],
  ]);
  const all = budgetsWith({ classify: { rates: { everything: 0.01, part: 0.02 }, dropout: 0 } });
  for (const found of all) assert.deepEqual(found, [0.01, 0.02, 0]);
  assert.deepEqual(budgetsWith({ classify: { dropout: undefined }, recommend: { dropout: 0.6 } }), [
    [0.007, 0.007, 0.1],
    [0.007, 0.007, 0.1],
    [rates.everything, rates.part, dropout],
  ]);
});

test('a choice changes the budget of its method on its kind of task alone', () => {
  const { PeterRec, FineAll } = causal;
  const chosen = withChoice(preset, PeterRec, 'classify', { rate: 0.007, dropout: 0.1 });
  const own = budgetOf('classify', PeterRec, chosen);
  assert.deepEqual([own.rates, own.dropout], [{ everything: 0.007, part: 0.007 }, 0.1]);
  assert.deepEqual(budgetOf('recommend', PeterRec, chosen), budgetOf('recommend', PeterRec, preset));
  assert.deepEqual(budgetOf('classify', FineAll, chosen), budgetOf('classify', FineAll, preset));
  const factors = withChoice(preset, opponents.NeuFM, 'recommend', { rate: 0.02, dropout: 0.4 });
  const { [preset.opponents.level]: NeuFM } = opponentOf('NeuFM').budgets;
  const budgetIn = (kind: 'recommend' | 'classify') => opponentBudget(factors, opponents.NeuFM, kind);
  assert.deepEqual(budgetIn('recommend'), { ...NeuFM.recommend, rate: 0.02, dropout: 0.4 });
  assert.deepEqual(budgetIn('classify'), NeuFM.classify);
});

test('a chosen size of patches is that of the method, and no budget', () => {
  const { PeterRec, FineAll } = causal;
  const chosen = [PeterRec, FineAll].reduce<Preset>(
    (own, method) => withChoice(own, method, 'classify', { rate: 0.007, squeeze: 3 }),
    preset,
  );
  assert.equal(sizedAs(PeterRec, chosen, 'classify').patches?.squeeze, 3);
  assert.equal(sizedAs(PeterRec, chosen, 'recommend'), PeterRec);
  assert.equal(sizedAs(FineAll, chosen, 'classify'), FineAll);
  assert.equal('squeeze' in budgetOf('classify', PeterRec, chosen), false);
});
