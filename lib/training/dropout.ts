import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { type Random, sometimesZero } from '../random';
import { float32 } from '../tensorflow/graph/signature';
import { tf } from '../tensorflow/native';
import type { Input } from './inputs';

/** 0 with probability `rate`, else 1 / (1 − rate): what a training batch multiplies hidden values by. */
export const dropoutMask = (count: number, rate: number, stream: Random): Float32Array =>
  sometimesZero(count, 1 / (1 - rate), rate, stream);

/** A mask for values of that shape; none where nothing is dropped. */
export function dropout(name: string, shape: readonly number[], rate: number): Input<unknown>[] {
  const count = shape.reduce((product, size) => product * size, 1);
  if (rate === 0 || count === 0) return [];
  return [
    {
      looks: { [name]: float32(...shape) },
      draw: (_from, _batch, streams) => ({ [name]: dropoutMask(count, rate, streams('dropout')) }),
    },
  ];
}

/** Values under their mask; as they are where nothing is dropped. */
export const masked = (values: Tensor, mask: Tensor | undefined): Tensor =>
  mask ? tf.mul(values, mask) : values;
