/** Results, and what is made of them, without training. */

import { headlineOf, paperTasks } from '../../lib/data/paper/tasks';
import { factsOf } from '../../lib/data/tasks/facts';
import type { CompletedRun } from '../../lib/experiments/documents/completedRun';
import {
  type InstanceRow,
  type Result,
  SCHEMA,
  stemOf,
  store,
} from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';
import { LabelCS } from '../../lib/experiments/opponents/opponents';
import type { Metrics } from '../../lib/metrics/metrics';
import type { CurvePoint } from '../../lib/training/fit';
import { news, parity } from '../experiments/recipes/tinyTasks';

/** A result with every field filled in; the arguments are what the test looks at. */
export function sampleResult(
  fields: Pick<Result, 'task' | 'seed'> & {
    readonly method: Method;
    readonly test: Metrics;
    readonly share?: number;
  },
  curve: readonly CurvePoint[] = [],
): Result {
  const { task, method, seed, test, share = 1 } = fields;
  return {
    schema: SCHEMA,
    data: 'sample',
    task,
    metric: headlineOf(task, 'Acc' in test ? 'classify' : 'recommend'),
    experiment: method.id,
    method: method.label,
    trunk: method.trunk,
    training: method.training ?? 1,
    pretraining: method.pretraining ?? 1,
    preset: 'quick',
    seed,
    metrics: { test, valid: {} },
    parameters: { total: 10000, tuned: 10000 * share, share, perTaskBytes: 40000 * share },
    curve,
    stoppedAt: curve.at(-1)?.step ?? 400,
    instances: 'sample.tsv',
    seconds: 1,
    environment: { versions: {}, device: 'cpu', threads: 2, source: 'sample' },
    declaration: {},
    files: {},
    checksum: '',
  };
}

/** A point of a curve whose epochs and seconds are its steps; the fields are what the test looks at. */
export const samplePoint = (step: number, fields: Partial<CurvePoint> = {}): CurvePoint => ({
  ...{ step, epoch: step, seconds: step, loss: 1, valid: {}, test: {} },
  ...fields,
});

/** Users u0, u1, … of class a, who are taken for it or for b. */
export const classified = (count: number, isRight: (user: number) => boolean): InstanceRow[] =>
  Array.from({ length: count }, (_, user) => ({
    ...{ row: user, user_id: `u${user}`, label: 'a', predicted: isRight(user) ? 'a' : 'b' },
  }));

/** Leaves a result and its rows where documents lie. */
export function leave(
  out: string,
  result: Result,
  rows: readonly InstanceRow[],
  hash = [result.trunk, result.training, result.pretraining].join('-'),
): Result {
  return store(out, stemOf({ ...result, hash }), result, rows);
}

/** The paper's five tasks on a made-up source. */
export const sampleTasks = paperTasks.map((task) => ({
  ...(task.kind === 'classify' ? parity : news),
  ...task,
}));

/** What was run on the paper's tasks. */
export const sampleCompletedRun = (
  out: string,
  results: readonly Result[],
  pretraining: readonly Result[] = [],
): CompletedRun => ({ out, tasks: sampleTasks.map(factsOf), results, pretraining });

/** What methods rise from and to, and the share of weights that they tune. */
const METHODS: readonly (readonly [method: Method, floor: number, ceiling: number, share: number])[] = [
  [LabelCS, 0.18, 0.18, 0],
  [causal.FineZero, 0.1, 0.24, 1],
  [causal.FineAll, 0.15, 0.31, 1],
  [causal.FineCLS, 0.15, 0.26, 0.02],
  [causal.PeterZeroFrozen, 0.1, 0.2, 0.0942],
  [causal.PeterZeroAll, 0.1, 0.25, 1],
  [causal.PeterRec, 0.14, 0.32, 0.0942],
];

/** Scales of the tasks, whose results stand in no helpful order. */
const TASKS = { LifeEst: 1.1, AgeEst: 1.3, GenEst: 2.5, 'ColdRec-2': 0.7, 'ColdRec-1': 1 };

const STEPS = [0, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400];

/**
 * Seven methods on the paper's five tasks, three seeds each, that look like RQ1's: metrics rise like 1 − exp(−step / 80), and
 * seed s lifts a whole curve by (s − 2) · 0.01.
 */
export const sampleResults = (): Result[] =>
  Object.entries(TASKS).flatMap(([task, scale]) =>
    METHODS.flatMap(([method, floor, ceiling, share]) =>
      [1, 2, 3].map((seed) => {
        const at = (step: number): Metrics => {
          const value = (floor + (ceiling - floor) * (1 - Math.exp(-step / 80)) + (seed - 2) * 0.01) * scale;
          return task.startsWith('ColdRec') ? { 'HR@5': value, 'MRR@5': value } : { Acc: value };
        };
        const pointAt = (step: number) =>
          samplePoint(step, { epoch: step / 10, seconds: step / 100, test: at(step) });
        const curve = method === LabelCS ? [] : STEPS.map(pointAt);
        return sampleResult({ task, method, seed, test: at(400), share }, curve);
      }),
    ),
  );
