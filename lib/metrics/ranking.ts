/** Ranking metrics of the true item among its competitors; each instance has one true item. */

/**
 * The rank of the true item, from 1. Ties and NaN count against it: a model that gives all items the same score, or NaN, must
 * not look good.
 */
export function rankOf(trueScore: number, otherScores: ArrayLike<number>): number {
  let rank = 1;
  for (let i = 0; i < otherScores.length; i++) if (!(otherScores[i] < trueScore)) rank++;
  return rank;
}

/** The mean of a gain, 0 beyond rank n. */
const meanGain = (gain: (rank: number) => number) => (ranks: ArrayLike<number>, n: number) => {
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) if (ranks[i] <= n) sum += gain(ranks[i]);
  return sum / ranks.length;
};

/** HR@n: the share of ranks within the first n, in [0, 1]; NaN without ranks. */
export const hitRate = meanGain(() => 1);

/** MRR@n: the mean of 1 / rank, 0 beyond n, in [0, 1]; NaN without ranks. */
export const reciprocalRank = meanGain((rank) => 1 / rank);

/** NDCG@n with one relevant item: the mean of 1 / log2(rank + 1), 0 beyond n, in [0, 1]; NaN without ranks. */
export const ndcg = meanGain((rank) => 1 / Math.log2(rank + 1));
