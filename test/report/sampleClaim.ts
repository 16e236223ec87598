import type { Claim } from '../../lib/evidence/claims';
import { better } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';

/** A claim with every field filled in; the arguments are what the test looks at. */
export const sampleClaim = (fields: Partial<Claim> = {}): Claim => ({
  question: better(causal.FineAll, causal.FineZero),
  task: 'GenEst',
  place: fields.task ?? 'GenEst',
  metric: 'Acc',
  difference: 0.031,
  low: 0.017,
  high: 0.046,
  p: 0.015,
  pOverall: 0.08,
  users: 869,
  seeds: 3,
  verdict: 'holds',
  inPool: null,
  ...fields,
});
