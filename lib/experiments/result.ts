/** What one experiment leaves behind: a JSON document `<task>-<experiment>-<hash>-s<seed>.json` under OUT/results. */

import type { Metrics } from '../metrics/metrics';
import type { CurvePoint } from '../training/fit';

export type { CurvePoint, Metrics };

export interface ParameterAccount {
  /** Every weight that the deployed model of this task holds. */
  readonly total: number;
  readonly tuned: number;
  /** tuned over what FineAll tunes on the same task, as in the caption of Table 3 */
  readonly share: number;
  /** What one further task costs in storage: tuned weights in float32. */
  readonly perTaskBytes: number;
}

export interface Result {
  readonly schema: 1;
  readonly data: string;
  readonly task: string;
  readonly experiment: string;
  readonly method: string;
  readonly preset: string;
  readonly trunk: 'causal' | 'non-causal' | 'none';
  readonly seed: number;
  readonly metrics: { readonly test: Metrics; readonly valid: Metrics };
  readonly parameters: ParameterAccount;
  readonly curve: readonly CurvePoint[];
  /** The step after which the reported numbers were taken. */
  readonly stoppedAt: number;
  /** File name, beside this document, of a TSV with one row per test instance. */
  readonly instances: string;
  readonly seconds: number;
  readonly environment: {
    readonly versions: Readonly<Record<string, string>>;
    readonly device: string;
    readonly threads: number;
    readonly source: string;
  };
}
