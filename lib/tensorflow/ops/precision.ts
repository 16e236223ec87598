/** In which numbers products are computed. */

/** Of the factors of a product; sums and weights are float32. */
export type Precision = 'float32' | 'bf16';

let now: Precision = 'float32';

/** The precision of the ops that are made now. */
export const precisionNow = (): Precision => now;

/** Runs `body`; the products of its ops are in this precision, where the kernels find that quicker. */
export function inPrecision<R>(precision: Precision, body: () => R): R {
  const before = now;
  now = precision;
  try {
    return body();
  } finally {
    now = before;
  }
}
