/** What one experiment leaves behind: a JSON document `<task>-<experiment>-<hash>-s<seed>.json` under OUT/results. */
import { z } from 'zod';
import type { Metrics } from '../metrics/metrics';
import type { CurvePoint } from '../training/fit';

export type { CurvePoint, Metrics };

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
    /** What one further task costs in storage: tuned weights in float32. */
    perTaskBytes: z.number(),
  })
  .readonly();

export type ParameterAccount = z.infer<typeof parameterAccount>;

/** The document as it must be when it is read. */
export const resultDocument = z
  .object({
    schema: z.literal(1),
    data: z.string(),
    task: z.string(),
    experiment: z.string(),
    method: z.string(),
    preset: z.string(),
    trunk: z.enum(['causal', 'non-causal', 'none']),
    seed: z.number(),
    metrics: z.object({ test: metrics, valid: metrics }).readonly(),
    parameters: parameterAccount,
    curve: z.array(curvePoint).readonly(),
    /** The step after which the reported numbers were taken. */
    stoppedAt: z.number(),
    /** File name, beside this document, of a TSV with one row per test instance. */
    instances: z.string(),
    seconds: z.number(),
    environment: z
      .object({
        versions: z.record(z.string(), z.string()).readonly(),
        device: z.string(),
        threads: z.number(),
        source: z.string(),
      })
      .readonly(),
  })
  .readonly();

export type Result = z.infer<typeof resultDocument>;
