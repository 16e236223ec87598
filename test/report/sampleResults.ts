/** Results, and what is made of them, without training. */
import { type Result, SCHEMA } from '../../lib/documents/document';
import type { Ran } from '../../lib/documents/ran';
import { type InstanceRow, store } from '../../lib/documents/store';
import { causal } from '../../lib/methods/family';
import type { Method } from '../../lib/methods/identity';
import { LabelCS } from '../../lib/methods/opponents';
import { presets } from '../../lib/methods/presets';
import type { Metrics } from '../../lib/metrics/metrics';
import { headlineOf, paperTasks } from '../../lib/paper/tasks';
import type { CurvePoint } from '../../lib/training/fit';
import { news, parity } from '../recipes/tinyTasks';

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

/** Leaves a result and its rows where documents lie. */
export function leave(
  out: string,
  result: Result,
  rows: readonly InstanceRow[],
  hash = [result.trunk, result.training, result.pretraining].join('-'),
): Result {
  const { task, experiment, seed, declaration } = result;
  return store(out, { task, experiment, hash, seed, declaration }, result, rows);
}

/** The paper's five tasks on a made-up source. */
export const sampleTasks = paperTasks.map((task) => ({
  ...(task.kind === 'classify' ? parity : news),
  ...task,
}));

/** What was run on the paper's tasks. */
export const sampleRan = (
  out: string,
  results: readonly Result[],
  pretraining: readonly Result[] = [],
): Ran => ({
  ...{ out, preset: presets.quick, tasks: sampleTasks, results, pretraining },
});

/**
 * Results that look like RQ1's and are made up: a method's metric rises from `floor` to `ceiling` like
 * 1 − exp(−step / 80), and seed s lifts the whole curve by (s − 2) · 0.01. No randomness, no data set.
 */
interface SampleMethod {
  readonly method: Method;
  readonly floor: number;
  readonly ceiling: number;
  readonly share: number;
}

const METHODS: readonly SampleMethod[] = [
  { method: LabelCS, floor: 0.18, ceiling: 0.18, share: 0 },
  { method: causal.FineZero, floor: 0.1, ceiling: 0.24, share: 1 },
  { method: causal.FineAll, floor: 0.15, ceiling: 0.31, share: 1 },
  { method: causal.FineCLS, floor: 0.15, ceiling: 0.26, share: 0.02 },
  { method: causal.PeterZeroFrozen, floor: 0.1, ceiling: 0.2, share: 0.0942 },
  { method: causal.PeterZeroAll, floor: 0.1, ceiling: 0.25, share: 1 },
  { method: causal.PeterRec, floor: 0.14, ceiling: 0.32, share: 0.0942 },
];

const TASKS: readonly {
  readonly task: string;
  readonly scale: number;
  readonly metrics: readonly string[];
}[] = [
  { task: 'ColdRec-1', scale: 1, metrics: ['HR@5', 'MRR@5'] },
  { task: 'ColdRec-2', scale: 0.7, metrics: ['HR@5', 'MRR@5'] },
  { task: 'GenEst', scale: 2.5, metrics: ['Acc'] },
  { task: 'AgeEst', scale: 1.3, metrics: ['Acc'] },
  { task: 'LifeEst', scale: 1.1, metrics: ['Acc'] },
];

const STEPS = [0, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400];

/** Seven methods on the paper's five tasks, three seeds each, in no helpful order. */
export function sampleResults(): Result[] {
  return [...TASKS].reverse().flatMap(({ task, scale, metrics }) =>
    METHODS.flatMap(({ method, floor, ceiling, share }) =>
      [1, 2, 3].map((seed) => {
        const at = (step: number): Metrics => {
          const value = (floor + (ceiling - floor) * (1 - Math.exp(-step / 80)) + (seed - 2) * 0.01) * scale;
          return Object.fromEntries(metrics.map((metric) => [metric, value]));
        };
        const curve = method === LabelCS ? [] : STEPS.map((step) => curvePoint(step, at(step)));
        return sampleResult({ task, method, seed, test: at(400), share }, curve);
      }),
    ),
  );
}

function curvePoint(step: number, test: Metrics): CurvePoint {
  return { step, epoch: step / 10, seconds: step / 100, loss: 1, valid: {}, test };
}
