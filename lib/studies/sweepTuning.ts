/** How patches, a classifier or everything is best tuned on pre-trained trunks: by rates, by dropout and loss. */
import type { Source } from '../datasets/tasks/source';
import type { Task } from '../datasets/tasks/tasks';
import { extentOf, type FineTuning } from '../methods/experiment';
import { causal, nonCausal } from '../methods/family';
import type { Preset } from '../methods/presets';
import { compileFineTuning, finetune, startModel } from '../recipes/finetune';
import { compilePretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import { pretrainingOf, tuningOf } from '../recipes/settings';
import type { Pair } from '../runs/pairs';
import type { Direction } from '../tensorflow/ops/convolution';
import { forSweep, ofSeeds, printStops, type Sweep } from './stops';

export const families = { causal, 'non-causal': nonCausal };

/** The sources of the tasks, each with its tasks. */
export function bySource(tasks: readonly Task[]): { source: Source; tasks: Task[] }[] {
  const sources = [...new Set(tasks.map(({ source }) => source))];
  return sources.map((source) => ({ source, tasks: tasks.filter((task) => task.source === source) }));
}

/** A trunk of each seed. */
export async function pretrainAll(
  source: Source,
  { preset, seeds }: Sweep,
  direction: Direction,
): Promise<Pretrained[]> {
  const pretraining = pretrainingOf(source, preset, direction);
  const program = compilePretraining(pretraining);
  try {
    return await ofSeeds(seeds, (seed) => pretrain(program, pretraining, seed));
  } finally {
    program.dispose();
  }
}

/** Tunes a method on the trunk of each seed, and prints the headline metric at each stop. */
export async function printTuning(
  setting: string,
  sweep: Sweep,
  { task, experiment }: Pair & { readonly experiment: FineTuning },
  trunks: readonly Pretrained[],
): Promise<void> {
  const { preset, seeds } = sweep;
  const curves = await ofSeeds(seeds, async (seed, i) => {
    const tuning = tuningOf(forSweep(task, seed), experiment, preset);
    const start = startModel(tuning, seed, trunks[i].weights.trunk);
    const program = compileFineTuning(tuning, start);
    const { curve } = await finetune(program, tuning, { seed, start });
    program.dispose();
    return curve;
  });
  printStops(sweep, `${setting}\t${task.name}\t${experiment.id}`, task.metric, curves);
}

/** A setting by its name, and what it changes in how tasks of the kind are tuned. */
type Setting = readonly [name: string, changes: Partial<Preset['recommend']>];

function withTuning(sweep: Sweep, { kind }: Task, changes: Setting[1]): Sweep {
  const { preset } = sweep;
  return { ...sweep, preset: { ...preset, [kind]: { ...preset[kind], ...changes } } };
}

/** Pre-trains each source once, and tunes on these trunks every method that tasks of the kind ask for, in each setting. */
async function tuneEach(
  sweep: Sweep,
  direction: Direction,
  experimentsFor: (kind: Task['kind']) => readonly FineTuning[],
  settingsFor: (experiment: FineTuning) => readonly Setting[],
): Promise<void> {
  for (const { source, tasks } of bySource(sweep.tasks)) {
    const trunks = await pretrainAll(source, sweep, direction);
    for (const task of tasks)
      for (const experiment of experimentsFor(task.kind))
        for (const [name, changes] of settingsFor(experiment))
          await printTuning(name, withTuning(sweep, task, changes), { task, experiment }, trunks);
  }
}

const methodsOf = (direction: Direction): FineTuning[] => {
  const { PeterRec, FineCLS, FineAll } = families[direction];
  return [PeterRec, FineCLS, FineAll];
};

const RATES = { everything: [0.0003, 0.001, 0.003], part: [0.001, 0.003, 0.01] };

/** Three rates for methods that tune everything, and as many for those that tune a part. */
export const sweepRates = (sweep: Sweep, direction: Direction): Promise<void> =>
  tuneEach(
    sweep,
    direction,
    () => methodsOf(direction),
    (experiment) =>
      RATES[extentOf(experiment)].map((rate) => [
        `rate ${rate}`,
        { rates: { everything: rate, part: rate } },
      ]),
  );

const LOSSES = { recommend: ['paper', 'cross-entropy'], classify: ['paper'] } as const;

/** The user vector with and without dropout, by both losses that a task can have. */
export const sweepDropout = (sweep: Sweep, direction: Direction): Promise<void> =>
  tuneEach(
    sweep,
    direction,
    (kind) => methodsOf(direction).flatMap((method) => LOSSES[kind].map((loss) => ({ ...method, loss }))),
    ({ loss }) => [0, 0.2, 0.5].map((dropout) => [`dropout ${dropout}, ${loss}`, { dropout }]),
  );
