import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../lib/documents/document';
import type { Experiment, Planned } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { opponents } from '../../lib/methods/opponents';
import { leftOf, nameOf, secondsOf, trainingsOf } from '../../lib/runs/estimate';
import { pairsOf } from '../../lib/runs/pairs';
import { measure } from '../../lib/runs/stepCost';
import { news, parity, preset as tiny } from '../recipes/tinyTasks';
import { everywhere } from './tinyRun';

const preset = {
  ...tiny,
  pretraining: {
    ...tiny.pretraining,
    causal: { ...tiny.pretraining.causal, steps: 100, evaluations: 5 },
  },
  recommend: { ...tiny.recommend, steps: 10, evaluations: 2 },
  classify: { ...tiny.classify, steps: 20, evaluations: 4 },
};
const bench = { preset, seeds: 3 };
const planned = everywhere(causal.PeterRec, causal.FineAll, opponents.MTL, opponents.NeuFM);

const trainings = (plans: readonly Planned[], tasks = [news, parity], seeds = 3) =>
  trainingsOf({ ...bench, seeds }, pairsOf(tasks, plans));

const kinds = (plans: readonly Planned[], tasks = [news, parity]) =>
  trainings(plans, tasks).map(({ kind, steps, evaluations, seeds }) => [
    nameOf(kind),
    seeds * steps,
    seeds * evaluations,
  ]);

test('a trunk is trained once a seed, each method once a task and seed, methods without a trunk not at all', () => {
  const pretraining = ['causal pre-training on the source of Films', 300, 15];
  const tuned = (what: string, kind: string) => `causal, ${what} tuned, ${kind} on the source of Films`;
  assert.deepEqual(kinds(planned), [
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
  assert.deepEqual(kinds([...planned, ...planned]), kinds(planned));
  const short = everywhere({ ...causal.PeterRec, pretraining: 0.1 });
  const more = kinds([...planned, ...short]).length - kinds(planned).length;
  assert.equal(more, 1 + 2); // the trunk, and the method on it for two tasks
  assert.deepEqual(kinds(short)[0], ['causal pre-training on the source of Films', 30, 3]);
});

test('one method on two trunks is trained twice', () => {
  assert.equal(kinds(everywhere(causal.PeterRec, nonCausal.PeterRec), [news]).length, 2 + 2);
});

test('seconds are steps and evaluations times what one costs', () => {
  const found = trainings(everywhere(causal.PeterRec), [news]);
  const [pretraining, tuning] = found.map(({ kind }) => nameOf(kind));
  const costs = new Map([
    [pretraining, { step: 2, evaluation: 0 }],
    [tuning, { step: 0.5, evaluation: 3 }],
  ]);
  assert.equal(secondsOf(found, costs), 300 * 2 + 30 * 0.5 + 6 * 3);
});

const document = (
  task: string,
  experiment: Pick<Experiment, 'id' | 'trunk'>,
  seed: number,
  pretraining = 1,
) => ({ task, experiment: experiment.id, trunk: experiment.trunk, training: 1, pretraining, seed }) as Result;
const trunk = { id: 'pretrain', trunk: 'causal' } as const;
const left = (plans: readonly Planned[], documents: readonly Result[], seeds = 3) =>
  leftOf(trainings(plans, [news], seeds), documents).map(({ subject, steps, seeds }) => [
    subject.task,
    subject.method.id,
    steps,
    seeds,
  ]);

test('a seed that has a document is not computed again', () => {
  const documents = [
    document('Films', trunk, 1),
    document('Films', trunk, 2),
    document('Films', trunk, 3, 0.1), // shorter pre-training is another trunk
    document('News', causal.PeterRec, 2),
    document('News', causal.FineAll, 1),
  ];
  assert.deepEqual(left(everywhere(causal.PeterRec), documents), [
    ['Films', 'pretrain', 100, 1],
    ['News', 'PeterRec', 10, 2],
  ]);
});

test('of a method on two trunks one document is one of two', () => {
  const plans = everywhere(causal.PeterRec, nonCausal.PeterRec);
  const trunks = (['causal', 'non-causal'] as const).map((direction) =>
    document('Films', { ...trunk, trunk: direction }, 1),
  );
  const [al, on] = [causal.PeterRec, nonCausal.PeterRec].map((method) => document('News', method, 1));
  assert.equal(left(plans, [...trunks, al], 1).length, 1);
  assert.equal(left(plans, [...trunks, al, on], 1).length, 0);
});

test('a step of every kind can be measured', () => {
  for (const { kind } of trainings(planned)) {
    const { step, evaluation } = measure(kind, preset);
    assert.ok(step > 0 && evaluation >= 0 && Number.isFinite(step + evaluation), nameOf(kind));
  }
});
