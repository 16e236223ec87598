/** What keeps the trunk from learning a thousand users by heart. */
import type { Pretraining } from '../methods/budgets';
import type { Direction } from '../tensorflow/ops/convolution';
import { printStops, type Sweep } from './stops';
import { bySource, families, pretrainAll, printTuning } from './sweepTuning';

const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;
const anywhere = { ...plain, windows: 'anywhere' } as const;

/** What is against overfitting, by name, and how long. */
const settings = ({ steps }: Pretraining): Readonly<Record<string, Partial<Pretraining>>> => ({
  'latest windows': { ...plain, steps: Math.ceil(steps / 4) },
  'latest windows, four times the steps': plain,
  'windows anywhere': anywhere,
  'windows anywhere, dropout 0.2': { ...anywhere, dropout: 0.2 },
  'windows anywhere, half shuffled': { ...anywhere, shuffled: 0.5 },
  'windows anywhere, half shuffled, dropout 0.2': { ...anywhere, shuffled: 0.5, dropout: 0.2 },
  'windows anywhere, all shuffled, dropout 0.2': { ...anywhere, shuffled: 1, dropout: 0.2 },
});

function withPretraining(sweep: Sweep, direction: Direction, changes: Partial<Pretraining>): Sweep {
  const { preset } = sweep;
  const budget = { ...preset.pretraining[direction], evaluations: 1, ...changes };
  return { ...sweep, preset: { ...preset, pretraining: { ...preset.pretraining, [direction]: budget } } };
}

/** Each way of pre-training by the last items of held-out users, and by what PeterRec makes of it for recommendation. */
export async function sweepPretraining(sweep: Sweep, direction: Direction): Promise<void> {
  for (const [name, changes] of Object.entries(settings(sweep.preset.pretraining[direction]))) {
    const changed = withPretraining(sweep, direction, changes);
    for (const { source, tasks } of bySource(sweep.tasks)) {
      const trunks = await pretrainAll(source, changed, direction);
      const curves = trunks.map(({ curve }) => curve);
      printStops(sweep, `${name}\t${source.name}\tpre-training`, 'MRR@5', curves);
      for (const task of tasks.filter(({ kind }) => kind === 'recommend'))
        await printTuning(name, changed, { task, experiment: families[direction].PeterRec }, trunks);
    }
  }
}
