import type { Claim } from '../../lib/evidence/claims';
import { better } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';

/** A claim with every field filled in; the arguments are what the test looks at. */
export const sampleClaim = (fields: Partial<Claim> = {}): Claim => ({
  question: better(causal.FineAll, causal.FineZero),
  task: 'GenEst',
  place: fields.task ?? 'GenEst',
  metric: 'Acc',
  difference: 0.031,
  low: 0.017,
  high: 0.046,
  seedLow: -0.01,
  seedHigh: 0.07,
  p: 0.015,
  effect: 0.2,
  users: 869,
  seeds: 3,
  needed: 700,
  verdict: 'holds',
  ...fields,
});
