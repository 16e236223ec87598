import { less, nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';

/** Two sides of one seed. */
export const paired = (a: PerUser, b: PerUser, seed: number, repeats?: number) =>
  nestedBootstrap(less([a], [b]), { crossed: false, seed }, repeats);
