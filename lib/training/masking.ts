/** Which items of a sequence pre-training hides (Eq. 2). n length of what may be masked, M masked positions. */
import { maskId, PADDING, type TrunkShape } from '../model/trunk';
import { below, permutation, type Random, uniform } from '../random';

/**
 * Paper: about 30 % of the items become [MASK]. Authors: their code, where padding may be masked too and at most 30
 * positions are, of which 80 % become [MASK], 10 % keep their item and 10 % become any item.
 */
export type MaskingRule = 'paper' | 'authors';

/** 30 % of n positions, at least one, halves rounded up. */
const share = (n: number) => Math.max(1, Math.round(n * 0.3));

const counts: Readonly<Record<MaskingRule, (n: number) => number>> = {
  paper: share,
  authors: (n) => Math.min(30, share(n)),
};

/** M of a sequence of that length, padding included. */
export function maskedAtMost(rule: MaskingRule, length: number): number {
  return counts[rule](length);
}

function replacement(item: number, shape: TrunkShape, rule: MaskingRule, stream: Random): number {
  if (rule === 'paper' || uniform(stream) < 0.8) return maskId(shape);
  return uniform(stream) < 0.5 ? item : 1 + below(shape.items, stream);
}

/** A padded sequence after masking, and the positions to predict, ascending. */
export type Masked = { readonly ids: Int32Array; readonly positions: readonly number[] };

export function masked(padded: Int32Array, shape: TrunkShape, rule: MaskingRule, stream: Random): Masked {
  const all = Array.from(padded.keys());
  const eligible = rule === 'authors' ? all : all.filter((t) => padded[t] !== PADDING);
  const chosen = permutation(eligible.length, stream).slice(0, counts[rule](eligible.length));
  const positions = chosen.map((i) => eligible[i]).sort((a, b) => a - b);
  const ids = padded.slice();
  for (const t of positions) ids[t] = replacement(padded[t], shape, rule, stream);
  return { ids, positions };
}

/** A padded sequence with its last item masked: what validation predicts that item from. */
export function lastMasked(padded: Int32Array, shape: TrunkShape): Int32Array {
  return Int32Array.from([...padded.subarray(0, -1), maskId(shape)]);
}
