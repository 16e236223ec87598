import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../lib/documents/document';
import { causal, nonCausal } from '../../lib/methods/family';
import { opponents } from '../../lib/recipes/baselines';
import { leftOf, nameOf, type Planned, secondsOf, stretchesOf } from '../../lib/runs/estimate';
import { measure } from '../../lib/runs/stepCost';
import { news, parity, preset } from '../recipes/tinyTasks';

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
  stretchesOf(plans).map(({ kind, steps, evaluations, seeds }) => [
    nameOf(kind),
    seeds * steps,
    seeds * evaluations,
  ]);

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
  const all = kinds([planned, short]).length;
  assert.equal(all - kinds([planned]).length, 1 + 4); // the trunk, and two methods on it for two tasks; MTL has none
});

test('one method on two trunks is trained twice, also where both are pre-trained for as many steps', () => {
  const { causal: long } = planned.preset.pretraining;
  const preset = { ...planned.preset, pretraining: { causal: long, 'non-causal': long } };
  const experiments = [causal.PeterRec, nonCausal.PeterRec];
  assert.equal(kinds([{ ...planned, preset, tasks: [news], experiments }]).length, 2 + 2);
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

const document = (task: string, experiment: string, seed: number, stoppedAt: number) =>
  ({ task, experiment, seed, stoppedAt }) as Result;
const left = (plans: readonly Planned[], documents: readonly Result[]) =>
  leftOf(stretchesOf(plans), documents).map(({ task, experiment, steps, seeds }) => [
    task,
    experiment,
    steps,
    seeds,
  ]);

test('a seed that has a document is not computed again', () => {
  const one = { ...planned, tasks: [news], experiments: [causal.PeterRec] };
  const documents = [
    document('Films', 'pretrain-causal', 1, 100),
    document('Films', 'pretrain-causal', 2, 100),
    document('Films', 'pretrain-causal', 3, 10), // shorter pre-training is another trunk
    document('News', 'PeterRec', 2, 10),
    document('News', 'FineAll', 1, 10),
  ];
  assert.deepEqual(left([one], documents), [
    ['Films', 'pretrain-causal', 100, 1],
    ['News', 'PeterRec', 10, 2],
  ]);
});

test('of a method on two trunks one document is one of two', () => {
  const one = { ...planned, tasks: [news], experiments: [causal.PeterRec], seeds: 1 };
  const { causal: long } = planned.preset.pretraining;
  const short = {
    ...one,
    preset: { ...one.preset, pretraining: { ...one.preset.pretraining, causal: { ...long, steps: 10 } } },
  };
  const tuned = document('News', 'PeterRec', 1, 10);
  const trunks = [100, 10].map((steps) => document('Films', 'pretrain-causal', 1, steps));
  assert.equal(left([one, short], [...trunks, tuned]).length, 1);
  assert.equal(left([one, short], [...trunks, tuned, tuned]).length, 0);
});

test('a step of every kind can be measured', () => {
  for (const { kind } of stretchesOf([planned])) {
    const { step, evaluation } = measure(kind, planned.preset);
    assert.ok(step > 0 && evaluation >= 0 && Number.isFinite(step + evaluation), nameOf(kind));
  }
});
