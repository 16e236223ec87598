/** What one experiment leaves behind: a JSON document `<task>-<experiment>-<hash>-s<seed>.json` under OUT/results. */
import { z } from 'zod';
import type { Metrics } from '../../metrics/metrics';
import type { CurvePoint } from '../../training/fit';
import type { Method } from '../methods/identity';

/** Version of documents; older ones are computed again. */
export const SCHEMA = 3 as const;

const metrics: z.ZodType<Metrics> = z.record(z.string(), z.number());

const curvePoint: z.ZodType<CurvePoint> = z.object({
  step: z.number(),
  epoch: z.number(),
  seconds: z.number(),
  loss: z.number(),
  valid: metrics,
  test: metrics,
});

const parameterAccount = z
  .object({
    /** Every weight of the deployed model of this task. */
    total: z.number(),
    tuned: z.number(),
    /** tuned / what FineAll tunes on the same task, as in the caption of Table 3 */
    share: z.number(),
    /** Storage of one further task in float32: what it tunes and adds to its trunk, or all that it keeps. */
    perTaskBytes: z.number(),
  })
  .readonly();

export type ParameterAccount = z.infer<typeof parameterAccount>;

const seal = {
  files: z.record(z.string(), z.string()).readonly(),
  checksum: z.string(),
};

export const resultDocument = z
  .object({
    schema: z.literal(SCHEMA),
    data: z.string(),
    task: z.string(),
    /** The metric that the task is reported in. */
    metric: z.string(),
    /** Id; identifies the experiment together with `trunk`, `training` and `pretraining`. */
    experiment: z.string(),
    /** Label. */
    method: z.string(),
    trunk: z.enum(['causal', 'non-causal', 'none']),
    /** Shares of the training instances and of the steps of pre-training, above 0 to 1. */
    training: z.number(),
    pretraining: z.number(),
    preset: z.string(),
    seed: z.number(),
    metrics: z.object({ test: metrics, valid: metrics }).readonly(),
    parameters: parameterAccount,
    curve: z.array(curvePoint).readonly(),
    /** The step after which the reported numbers were taken. */
    stoppedAt: z.number(),
    /** File name, beside this document, of a TSV with one row per test instance. */
    instances: z.string(),
    /** Checksum on the card of the trunk that it started from. */
    startedFrom: z.string().optional(),
    /** Checksum on the card of the weights that it left. */
    left: z.string().optional(),
    seconds: z.number(),
    environment: z
      .object({
        versions: z.record(z.string(), z.string()).readonly(),
        device: z.string(),
        /** The model of the processor: its cache sizes decide the order of some sums. */
        processor: z.string().optional(),
        threads: z.number(),
        /** The instruction set of the project's kernels: another order of sums moves the last digits. */
        kernels: z.string().optional(),
        source: z.string(),
      })
      .readonly(),
    /** What the hash in the file's name is taken of. */
    declaration: z.record(z.string(), z.unknown()).readonly(),
    ...seal,
  })
  .readonly();

export type Result = z.infer<typeof resultDocument>;

/** The experiment of a document, called by its own label. */
export const methodOf = (result: Result): Method => ({
  id: result.experiment,
  label: result.method,
  trunk: result.trunk,
  training: result.training,
  pretraining: result.pretraining,
});
