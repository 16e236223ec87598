import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Planned } from '../../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../../lib/experiments/methods/family';
import { opponents } from '../../../../lib/experiments/opponents/opponents';
import { resolve } from '../../../../lib/experiments/resolve/resolve';
import { needsOf, shortageOfJobs, shortages } from '../../../../lib/experiments/runs/estimate/memory';
import {
  kindOf,
  kindsOf,
  type Long,
  longOnes,
  measure,
  onCluster,
  secondsAtOnce,
  secondsOfAll,
} from '../../../../lib/experiments/runs/estimate/time';
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

const tasks = [news, parity];
const trainings = (plans: readonly Planned[], own = tasks, seeds = 3, given = preset): Long[] =>
  longOnes(resolve(plans, { ...options, preset: given, tasks: own, seeds }));

/** Kinds of steps of one seed, with the steps and evaluations of a training. */
const kinds = (plans: readonly Planned[], own = tasks) =>
  trainings(plans, own, 1).map((job) => [kindOf(job, own), job.record.steps, job.record.evaluations]);

test('a trunk is trained once, each method once a task, methods without a trunk not at all', () => {
  const tuned = (what: string, kind: string, batch = 8) =>
    `causal, ${what} tuned, ${kind} on the source of Films, batches of ${batch}`;
  assert.deepEqual(kinds(planned), [
    ['causal pre-training on the source of Films', 100, 5],
    [tuned('part, token', 'recommend'), 10, 2],
    [tuned('everything, token', 'recommend'), 10, 2],
    [tuned('jointly', 'recommend', 32), 80, 3],
    [tuned('part, token', 'classify'), 20, 4],
    [tuned('everything, token', 'classify'), 20, 4],
    [tuned('jointly', 'classify', 32), 80, 3],
  ]);
  assert.equal(trainings(planned).length, 3 * kinds(planned).length);
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
    trainings(everywhere({ ...causal.FineZero, training }), [news], 1, unlimited)[0].record.steps;
  assert.deepEqual([stepsOf(1), stepsOf(0.5)], [(8 * 23) / 8, (8 * 12) / 8]);
});

/** PeterRec on a trunk, three seeds: trunks of 200 s, tunings of 11 s. */
const found = trainings(everywhere(causal.PeterRec), [news]);
const secondsOf = ({ record: { kind, steps, evaluations } }: Long) =>
  kind === 'trunk' ? 2 * steps : 0.5 * steps + 3 * evaluations;

test('seconds are steps and evaluations times what one costs, trunks before tunings', () => {
  assert.equal(secondsOfAll(found, secondsOf), 300 * 2 + 30 * 0.5 + 6 * 3);
  assert.equal(secondsAtOnce(found, secondsOf, 2), 300 + 16.5);
  assert.equal(secondsAtOnce(found, secondsOf, 16), 200 + 11); // more than there are trainings
});

test('a cluster takes as many core hours as one machine, and less time', () => {
  const line =
    'At most about 0.4 core hours; 2 jobs at a time on machines like this one: at most about 5 min.';
  assert.equal(onCluster(found, secondsOf, 2, 2), line); // 633 s on two cores; 316.5 s
});

test('a step of every kind can be measured', async () => {
  for (const [kind, { record }] of kindsOf(trainings(planned), tasks)) {
    const { step, evaluation } = await measure(record, tasks);
    assert.ok(step > 0 && evaluation > 0 && Number.isFinite(step + evaluation), kind);
  }
});

test('645,000 items at 256 channels need what a step on them was measured to take, 5.9 GB, and two copies of the best state, within a fifth', () => {
  const large = { ...source, items: Array.from({ length: 645_000 }, String) };
  const own = { ...tiny, channels: 256, softmax: { fullUpTo: 2000, candidates: 2000 } };
  const tasks = [{ ...news, source: large }];
  const { memory } = needsOf(resolve(everywhere(causal.PeterRec), { ...options, preset: own, tasks }), tasks);
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
