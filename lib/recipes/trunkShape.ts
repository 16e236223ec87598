import type { Source } from '../datasets/tasks/source';
import type { Preset } from '../methods/presets';
import type { TrunkShape } from '../model/trunk';
import type { Direction } from '../tensorflow/ops/convolution';

/** The trunk that a preset asks for on a source. */
export function trunkShape(source: Source, preset: Preset, direction: Direction): TrunkShape {
  const { channels, kernel, dilations, padding } = preset;
  return { direction, items: source.items.length, channels, kernel, dilations, padding };
}

/** Candidates of the sampled softmax; none where the catalogue is small enough for the full one. */
export function candidatesOf(source: Source, { softmax }: Preset): number | undefined {
  return source.items.length > softmax.fullUpTo ? softmax.candidates : undefined;
}
