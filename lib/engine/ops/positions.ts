/** Positions of a sequence that a causal stack computes. T sequence length, w kernel width, d dilation. */

/** The positions T − 1 − stride · i for i < count: an arithmetic progression that ends at the last one. */
export type Positions = { readonly stride: number; readonly count: number };

/** Where a layer reads and where it writes. */
export type Reach = { readonly inputs: Positions; readonly outputs: Positions };

export const LAST: Positions = { stride: 1, count: 1 };
export const allPositions = (T: number): Positions => ({ stride: 1, count: T });

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Rows of the input grid, existing or not, that a causal convolution reads: from its first tap to its last output. */
export function rowsRead({ stride, count }: Positions, w: number, d: number, grid: number): number {
  return (stride * (count - 1) + (w - 1) * d) / grid + 1;
}

/**
 * The positions that a causal convolution reads for `outputs`, these among them; zeros before the sequence are left out.
 */
export function inputsOf(outputs: Positions, w: number, d: number, T: number): Positions {
  const stride = outputs.count === 1 ? d : gcd(outputs.stride, d);
  const existing = Math.floor((T - 1) / stride) + 1;
  return { stride, count: Math.min(existing, rowsRead(outputs, w, d, stride)) };
}

/** Reads and writes of each layer of a causal stack whose last one gives `outputs`; first layer first. */
export function reaches(
  outputs: Positions,
  dilations: readonly number[],
  w: number,
  T: number,
): readonly Reach[] {
  const found: Reach[] = [];
  let wanted = outputs;
  for (const d of [...dilations].reverse()) {
    const inputs = inputsOf(wanted, w, d, T);
    found.unshift({ inputs, outputs: wanted });
    wanted = inputs;
  }
  return found;
}

/** How many inputs lie between two outputs; 1 for a single output. */
export const stepOf = ({ inputs, outputs }: Reach) =>
  outputs.count === 1 ? 1 : outputs.stride / inputs.stride;
