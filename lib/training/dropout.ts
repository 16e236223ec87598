import { type Random, uniform } from '../random';

/** 0 with probability `rate`, else 1 / (1 − rate): what a training batch multiplies hidden values by. */
export function dropoutMask(count: number, rate: number, stream: Random): Float32Array {
  return Float32Array.from({ length: count }, () => (uniform(stream) < rate ? 0 : 1 / (1 - rate)));
}
