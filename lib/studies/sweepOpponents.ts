/** What the opponents reach on the parts of a sweep, which PeterRec is to be judged against. */
import { mean } from 'simple-statistics';
import type { Task } from '../datasets/tasks/tasks';
import type { Baseline } from '../methods/experiment';
import { opponents } from '../methods/opponents';
import { opponentRecipe } from '../recipes/opponents';
import { metricsOf } from '../training/evaluate';
import { forSweep, meanStops, ofSeeds, type Stop, type Sweep } from './stops';

/** The headline metric of an opponent at each stop, the mean over the seeds; a method without steps has one stop. */
export async function opponentStops(
  task: Task,
  opponent: Baseline,
  { preset, seeds }: Pick<Sweep, 'preset' | 'seeds'>,
) {
  const { run, dispose } = opponentRecipe(task, opponent, preset);
  const curves = await ofSeeds(seeds, async (seed): Promise<readonly Stop[]> => {
    const { curve, valid } = await run(seed);
    return curve.length > 0 ? curve : [{ step: 0, valid: metricsOf(task, valid) }];
  });
  dispose();
  return meanStops(curves, task.metric);
}

/** Every opponent at the last stop of its budget. */
export async function sweepOpponents({ tasks, preset, seeds, print }: Sweep): Promise<void> {
  for (const task of tasks) {
    for (const opponent of Object.values(opponents)) {
      const stops = await ofSeeds(seeds, (seed) =>
        opponentStops(forSweep(task, seed), opponent, { preset, seeds: [seed] }),
      );
      const last = stops.map((ofSeed) => ofSeed[ofSeed.length - 1].value);
      print(`${task.name}\t${opponent.id}\t${mean(last).toFixed(4)}`);
    }
  }
}
