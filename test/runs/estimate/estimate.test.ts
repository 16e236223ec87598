import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from '../../../lib/documents/store';
import type { Planned } from '../../../lib/methods/experiment';
import { causal, nonCausal } from '../../../lib/methods/family';
import { opponents } from '../../../lib/methods/opponents';
import {
  type Estimated,
  leftOf,
  nameOf,
  secondsAtOnce,
  secondsOf,
  trainingsOf,
} from '../../../lib/runs/estimate/estimate';
import { measure } from '../../../lib/runs/estimate/stepCost';
import { pairsOf } from '../../../lib/runs/jobs/pairs';
import { seedsOf } from '../../../lib/runs/session/session';
import { news, parity, preset as tiny } from '../../recipes/tinyTasks';
import { everywhere } from '../tinyRun';

const preset = {
  ...tiny,
  pretraining: {
    ...tiny.pretraining,
    causal: { ...tiny.pretraining.causal, steps: 100, evaluations: 5 },
  },
  recommend: { ...tiny.recommend, steps: 10, evaluations: 2 },
  classify: { ...tiny.classify, steps: 20, evaluations: 4 },
};
const code = 'of-this-test';
const of = (count: number) => ({ preset, code, seeds: seedsOf({ seeds: count }) });
const planned = everywhere(causal.PeterRec, causal.FineAll, opponents.MTL, opponents.NeuFM);

const trainings = (plans: readonly Planned[], tasks = [news, parity], seeds = 3) =>
  trainingsOf(of(seeds), pairsOf(tasks, plans));

const kinds = (plans: readonly Planned[], tasks = [news, parity]) =>
  trainings(plans, tasks).map(({ kind, steps, evaluations, keys }) => [
    nameOf(kind),
    keys.length * steps,
    keys.length * evaluations,
  ]);

test('a trunk is trained once a seed, each method once a task and seed, methods without a trunk not at all', () => {
  const pretraining = ['causal pre-training on the source of Films', 300, 15];
  const tuned = (what: string, kind: string) => `causal, ${what} tuned, ${kind} on the source of Films`;
  assert.deepEqual(kinds(planned), [
    pretraining,
    [tuned('part', 'recommend'), 30, 6],
    [tuned('everything', 'recommend'), 30, 6],
    [tuned('everything', 'recommend'), 3 * 7, 3 * 3], // eight passes over 28 labels, 32 a batch
    [tuned('part', 'classify'), 60, 12],
    [tuned('everything', 'classify'), 60, 12],
    [tuned('everything', 'classify'), 3 * Math.ceil((8 * 28) / 32), 3 * 3],
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
  // Three trunks of 200 s, then three tunings of 11 s: by two processes, and by more than there are trainings.
  assert.equal(secondsAtOnce(found, costs, 2), 300 + 16.5);
  assert.equal(secondsAtOnce(found, costs, 16), 200 + 11);
});

/** Steps and seeds still to be trained on News where the documents that `has` names are there. */
const left = (plans: readonly Planned[], has: (key: Key) => boolean, seeds = 3) =>
  leftOf(trainings(plans, [news], seeds), has).map(({ keys, steps }) => [
    keys[0].task,
    keys[0].experiment,
    steps,
    keys.map(({ seed }) => seed),
  ]);

test('a seed that has a document is not computed again', () => {
  const there = ({ task, experiment, seed }: Key) =>
    task === 'Films' || (experiment === 'PeterRec' && seed === 2);
  assert.deepEqual(
    left(everywhere(causal.PeterRec), ({ task }) => task === 'Films'),
    [['News', 'PeterRec', 10, [1, 2, 3]]],
  );
  assert.deepEqual(left(everywhere(causal.PeterRec), there), [['News', 'PeterRec', 10, [1, 3]]]);
});

test('a document of other code, other settings or a shorter trunk leaves all to be computed', () => {
  const plans = everywhere(causal.PeterRec);
  const keysOf = (one: Estimated, plans: readonly Planned[]) =>
    new Set(trainingsOf(one, pairsOf([news], plans)).flatMap(({ keys }) => keys.map(({ hash }) => hash)));
  const longer = { ...preset, recommend: { ...preset.recommend, steps: 11 } };
  const others = [
    keysOf({ ...of(3), code: 'another' }, plans),
    keysOf(of(3), everywhere({ ...causal.PeterRec, pretraining: 0.1 })),
  ];
  for (const there of others) assert.equal(left(plans, ({ hash }) => there.has(hash)).length, 2);
  const ofLonger = keysOf({ ...of(3), preset: longer }, plans);
  assert.deepEqual(
    left(plans, ({ hash }) => ofLonger.has(hash)).map(([task]) => task),
    ['News'],
  );
});

test('of a method on two trunks one document is one of two', () => {
  const plans = everywhere(causal.PeterRec, nonCausal.PeterRec);
  const [al] = trainings(everywhere(causal.PeterRec), [news], 1).slice(-1);
  const isThere = ({ task, hash }: Key) => task === 'Films' || al.keys.some((key) => key.hash === hash);
  assert.equal(left(plans, isThere, 1).length, 1);
  assert.equal(left(plans, () => true, 1).length, 0);
});

test('a step of every kind can be measured', () => {
  for (const { kind } of trainings(planned)) {
    const { step, evaluation } = measure(kind, preset);
    assert.ok(step > 0 && evaluation >= 0 && Number.isFinite(step + evaluation), nameOf(kind));
  }
});
