import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opponents } from '../../lib/experiments/baselines';
import { measure, nameOf, type Planned, secondsOf, stretchesOf } from '../../lib/experiments/estimate';
import { causal } from '../../lib/experiments/methods';
import { news, parity, preset } from './tinyTasks';

const planned: Planned = {
  preset: {
    ...preset,
    pretraining: {
      ...preset.pretraining,
      causal: { ...preset.pretraining.causal, steps: 100, evaluations: 5 },
    },
    recommend: { ...preset.recommend, steps: 10, evaluations: 2 },
    classify: { ...preset.classify, steps: 20, evaluations: 4 },
  },
  tasks: [news, parity],
  experiments: [causal.PeterRec, causal.FineAll, opponents.MTL, opponents.NeuFM],
  seeds: 3,
};

const kinds = (plans: readonly Planned[]) =>
  stretchesOf(plans).map(({ kind, steps, evaluations }) => [nameOf(kind), steps, evaluations]);

test('a trunk is trained once a seed, each method once a task and seed, methods without a trunk not at all', () => {
  const pretraining = ['causal pre-training on the source of Films', 300, 15];
  const tuned = (what: string, kind: string) => `causal, ${what} tuned, ${kind} on the source of Films`;
  assert.deepEqual(kinds([planned]), [
    pretraining,
    [tuned('part', 'recommend'), 30, 6],
    [tuned('everything', 'recommend'), 30, 6],
    [tuned('everything', 'recommend'), 30, 6],
    [tuned('part', 'classify'), 60, 12],
    [tuned('everything', 'classify'), 60, 12],
    [tuned('everything', 'classify'), 60, 12],
  ]);
});

test('what two questions share counts once; a trunk of fewer steps is another one', () => {
  assert.deepEqual(kinds([planned, planned]), kinds([planned]));
  const { causal: long } = planned.preset.pretraining;
  const pretraining = { ...planned.preset.pretraining, causal: { ...long, steps: 10 } };
  const short = { ...planned, preset: { ...planned.preset, pretraining } };
  assert.equal(kinds([planned, short]).length, 2 * kinds([planned]).length);
});

test('seconds are steps and evaluations times what one costs', () => {
  const stretches = stretchesOf([{ ...planned, tasks: [news], experiments: [causal.PeterRec] }]);
  const [pretraining, tuning] = stretches.map(({ kind }) => nameOf(kind));
  const costs = new Map([
    [pretraining, { step: 2, evaluation: 0 }],
    [tuning, { step: 0.5, evaluation: 3 }],
  ]);
  assert.equal(secondsOf(stretches, costs), 300 * 2 + 30 * 0.5 + 6 * 3);
});

test('a step of every kind can be measured', () => {
  for (const { kind } of stretchesOf([planned])) {
    const { step, evaluation } = measure(kind, planned.preset);
    assert.ok(step > 0 && evaluation >= 0 && Number.isFinite(step + evaluation), nameOf(kind));
  }
});
