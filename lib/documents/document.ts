/** What one experiment leaves behind: a JSON document `<task>-<experiment>-<hash>-s<seed>.json` under OUT/results. */
import { z } from 'zod';
import type { Method } from '../methods/identity';
import type { Metrics } from '../metrics/metrics';
import type { CurvePoint } from '../training/fit';

/** The form of documents; those of an older form are computed again. */
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
    /** Every weight that the deployed model of this task holds. */
    total: z.number(),
    tuned: z.number(),
    /** tuned over what FineAll tunes on the same task, as in the caption of Table 3 */
    share: z.number(),
    /** What one further task costs in storage, in float32: what it tunes and adds to its trunk, or all that it keeps. */
    perTaskBytes: z.number(),
  })
  .readonly();

export type ParameterAccount = z.infer<typeof parameterAccount>;

const seal = {
  files: z.record(z.string(), z.string()).readonly(),
  checksum: z.string(),
};

/** The document as it must be when it is read. */
export const resultDocument = z
  .object({
    schema: z.literal(SCHEMA),
    data: z.string(),
    task: z.string(),
    /** The metric that the task is reported in. */
    metric: z.string(),
    /** The experiment's id; with `trunk`, `training` and `pretraining` it tells experiments apart. */
    experiment: z.string(),
    /** The experiment's own label. */
    method: z.string(),
    trunk: z.enum(['causal', 'non-causal', 'none']),
    /** The shares that it takes of the training instances and of the steps of pre-training; 1 where none is cut. */
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
    /** Checksum of the trunk that it started from: the one that the card of that trunk's weights says. */
    startedFrom: z.string().optional(),
    /** Checksum that the card of the weights says that it left. */
    left: z.string().optional(),
    seconds: z.number(),
    environment: z
      .object({
        versions: z.record(z.string(), z.string()).readonly(),
        device: z.string(),
        /** The model of the processor: the sizes of its caches decide in which order some products are summed. */
        processor: z.string().optional(),
        threads: z.number(),
        /** The instructions that the project's own kernels used: another order of summation moves the last digits. */
        kernels: z.string().optional(),
        source: z.string(),
      })
      .readonly(),
    /** All that the hash in the file's name stands for. */
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
