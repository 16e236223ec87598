import type { Random } from '../random';
import { normal, type Weight } from '../tensorflow/weights';

/** Rows that are drawn; a longer table repeats them. */
const DRAWN = 4096;

/** A table [rows, k] like a fresh one, in a fraction of the time: what the values are costs a step nothing. */
export function tiledNormal(rows: number, k: number, stream: Random): Weight {
  const tile = normal([Math.min(rows, DRAWN), k], 0.02, stream).values;
  const values = new Float32Array(rows * k);
  for (let at = 0; at < values.length; at += tile.length)
    values.set(tile.subarray(0, values.length - at), at);
  return { shape: [rows, k], values };
}
