import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Planned } from '../../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../../lib/experiments/methods/family';
import { opponents } from '../../../../lib/experiments/opponents/opponents';
import { onMachines } from '../../../../lib/experiments/runs/estimate/forecast';
import { needsOn, shortageOfJobs, shortages } from '../../../../lib/experiments/runs/estimate/needs';
import {
  kindsOf,
  measure,
  nameOf,
  secondsAtOnce,
  secondsOf,
} from '../../../../lib/experiments/runs/estimate/stepCost';
import { planOf, unitsOf } from '../../../../lib/experiments/runs/plan';
import { workloadsOf } from '../../../../lib/experiments/runs/workloads';
import { folderWith } from '../../../data/folders';
import { news, parity, source, preset as tiny } from '../../recipes/tinyTasks';
import { everywhere, options } from '../tinyRun';

const preset = {
  ...tiny,
  pretraining: {
    ...tiny.pretraining,
    nextItem: { ...tiny.pretraining.nextItem, steps: 100, evaluations: 5 },
  },
  recommend: { ...tiny.recommend, steps: 10, evaluations: 2 },
  classify: { ...tiny.classify, steps: 20, evaluations: 4 },
};
const planned = everywhere(causal.PeterRec, causal.FineAll, opponents.MTL, opponents.NeuFM);

const workloads = (plans: readonly Planned[], tasks = [news, parity], seeds = 3, given = preset) => {
  const plan = planOf({ ...options, preset: given, tasks, seeds, out: folderWith({}), codes: {} }, plans);
  return workloadsOf(plan, unitsOf(plan));
};

/** Kinds of steps of one seed, with the steps and evaluations of a training. */
const kinds = (plans: readonly Planned[], tasks = [news, parity]) =>
  workloads(plans, tasks, 1).map(({ kind, steps, evaluations }) => [nameOf(kind), steps, evaluations]);

test('a trunk is trained once, each method once a task, methods without a trunk not at all', () => {
  const tuned = (what: string, kind: string) => `causal, ${what} tuned, ${kind} on the source of Films`;
  assert.deepEqual(kinds(planned), [
    ['causal pre-training on the source of Films', 100, 5],
    [tuned('part', 'recommend'), 10, 2],
    [tuned('everything', 'recommend'), 10, 2],
    [tuned('jointly', 'recommend'), 80, 3],
    [tuned('part', 'classify'), 20, 4],
    [tuned('everything', 'classify'), 20, 4],
    [tuned('jointly', 'classify'), 80, 3],
  ]);
  assert.equal(workloads(planned).length, 3 * kinds(planned).length);
});

test('what two questions share counts once; a trunk of fewer users or of another direction is another one', () => {
  assert.deepEqual(kinds([...planned, ...planned]), kinds(planned));
  const few = everywhere({ ...causal.PeterRec, pretraining: 0.1 });
  const more = kinds([...planned, ...few]).length - kinds(planned).length;
  assert.equal(more, 1 + 2); // the trunk, and the method on it for two tasks
  assert.equal(kinds(everywhere(causal.PeterRec, nonCausal.PeterRec), [news]).length, 2 + 2);
});

test('a method that learns from half of the labels takes half of the steps that a pass has', () => {
  const unlimited = { ...preset, recommend: { ...preset.recommend, passes: 8, steps: 1000 } };
  const stepsOf = (training: number) =>
    workloads(everywhere({ ...causal.FineZero, training }), [news], 1, unlimited)[0].steps;
  assert.deepEqual([stepsOf(1), stepsOf(0.5)], [(8 * 28) / 8, (8 * 14) / 8]);
});

/** PeterRec on a trunk, three seeds: trunks of 200 s, tunings of 11 s. */
const found = workloads(everywhere(causal.PeterRec), [news]);
const [pretraining, tuning] = kindsOf(found).map(nameOf);
const costs = new Map([
  [pretraining, { step: 2, evaluation: 0 }],
  [tuning, { step: 0.5, evaluation: 3 }],
]);

test('seconds are steps and evaluations times what one costs, trunks before tunings', () => {
  assert.equal(secondsOf(found, costs), 300 * 2 + 30 * 0.5 + 6 * 3);
  assert.equal(secondsAtOnce(found, costs, 2), 300 + 16.5);
  assert.equal(secondsAtOnce(found, costs, 16), 200 + 11); // more than there are trainings
});

test('as many machines are named as still shorten it; a job has time for the longest training', () => {
  const share = { cpus: 2, gpus: 1, memory: 3.2e9 };
  // One job at a time takes 633 s, four take 211 s; (200 s + 600 s) by half more are 20 minutes.
  assert.deepEqual(onMachines(found, costs, share, 'npm run sweep --'), [
    'At most about 0.4 core hours and 0.2 GPU hours; 4 jobs at a time on machines like this one: at most about 4 min.',
    '  npm run sweep -- --jobs 4 --cpus 2 --gpus 1 --memory 3500 --minutes 20',
  ]);
  const [asked] = onMachines(found, costs, share, 'npm run sweep --', 2); // 316.5 s
  assert.match(asked, /; 2 jobs at a time .* about 5 min\.$/);
});

test('a step of every kind can be measured', async () => {
  for (const kind of kindsOf(workloads(planned))) {
    const { step, evaluation } = await measure(kind, preset);
    assert.ok(step > 0 && evaluation > 0 && Number.isFinite(step + evaluation), nameOf(kind));
  }
});

test('645,000 items at 256 channels need what a step on them was measured to take, 5.9 GB, and two copies of the best state, within a fifth', () => {
  const large = { ...source, items: Array.from({ length: 645_000 }, String) };
  const own = { ...tiny, channels: 256, softmax: { fullUpTo: 2000, candidates: 2000 } };
  const { memory } = needsOn(
    { tasks: [{ ...news, source: large }], preset: own },
    everywhere(causal.PeterRec),
  );
  const copy = 2 * 645_000 * 256 * 4; // the two tables
  assert.ok(Math.abs(memory / (5.9e9 + 2 * copy) - 1) < 0.2, String(memory));
});

test('memory that will not suffice is said, here and of a cluster’s job, with what to try', () => {
  assert.deepEqual(shortages({ memory: 3e9 }, 4e9), []);
  assert.match(
    shortages({ memory: 3e9 }, 1e9)[0],
    /^About 3\.0 GB .* 1\.0 GB are free: .*`channels`.*`length`/,
  );
  const needs = { memory: 5 * 2 ** 30 };
  assert.deepEqual(shortageOfJobs(needs, 5120), []);
  assert.match(shortageOfJobs(needs, 3000)[0], /5120 MB .* 3000: try --memory 5120/);
});
