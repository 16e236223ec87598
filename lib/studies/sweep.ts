/**
 * The sweep behind the numbers of `default`: mean validation metrics on seeds that are never reported.
 *
 *     node --import tsx lib/studies/sweep.ts pretraining|tasks|dropout|opponents causal|non-causal
 *
 * A fifth of a seed's training part joins its validation part, which alone is too small to choose by. The test part is
 * never looked at. One line is printed for each setting and number of steps.
 */
import { type Preset, presets } from '../methods/presets';
import type { Direction } from '../tensorflow/ops/convolution';
import { UserError } from '../userError';
import { onMovieLens, type Sweep } from './stops';
import { runStudy } from './study';
import { sweepOpponents } from './sweepOpponents';
import { sweepPretraining } from './sweepPretraining';
import { families, sweepDropout, sweepRates } from './sweepTuning';

const SEEDS = [101, 102];

/** Eight stops, the last of them past the best. */
const long: Preset = {
  ...presets.default,
  recommend: { ...presets.default.recommend, batch: 512, steps: 320, evaluations: 8 },
  classify: { ...presets.default.classify, batch: 256, steps: 160, evaluations: 8 },
};

type Stage = { readonly preset: Preset; readonly run: (sweep: Sweep, direction: Direction) => Promise<void> };

export const stages: Readonly<Record<string, Stage>> = {
  pretraining: { preset: presets.default, run: sweepPretraining },
  tasks: { preset: long, run: sweepRates },
  dropout: { preset: long, run: sweepDropout },
  opponents: { preset: presets.default, run: sweepOpponents },
};

async function sweep([stage, direction]: readonly string[]): Promise<void> {
  if (!(stage in stages && direction in families))
    throw new UserError(
      'sweep: expected pretraining, tasks, dropout or opponents, then causal or non-causal',
    );
  const { preset, run } = stages[stage];
  await run(onMovieLens(preset, SEEDS), direction as Direction);
}

if (require.main === module) runStudy(sweep);
