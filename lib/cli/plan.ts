/** What the notebook of each question runs, for an estimate of its time. */
import type { Planned } from '../experiments/estimate';
import { rq1 } from '../experiments/rq1';
import { rq2 } from '../experiments/rq2';
import { rq3Items, rq3Profiles } from '../experiments/rq3';
import { bothTrunks, insertionPlaces, littleData, pretrainingLengths } from '../experiments/rq4';
import type { Workbench } from '../experiments/workbench';
import { chooseTasks, type Wanted } from '../report/missing';

type Runs = (bench: Workbench) => Planned[];

function on(
  { tasks, preset, seeds }: Workbench,
  wanted: Wanted,
  experiments: Planned['experiments'],
): Planned {
  return { tasks: chooseTasks(tasks, wanted).tasks, preset, seeds, experiments };
}

const both = ['ColdRec-1', 'AgeEst'] as const;

export const plan: Readonly<Record<string, Runs>> = {
  rq1: ({ tasks, preset, seeds }) => [{ tasks, preset, seeds, experiments: rq1 }],
  rq2: ({ tasks, preset, seeds }) => [{ tasks, preset, seeds, experiments: rq2 }],
  rq3: (bench) => [on(bench, 'classify', rq3Profiles), on(bench, 'recommend', rq3Items)],
  rq4: (bench) => [
    on(bench, both, bothTrunks),
    ...pretrainingLengths(bench.preset).map((length) => ({ ...on(bench, both, []), ...length })),
    on(bench, ['AgeEst'], insertionPlaces),
    on(bench, ['LifeEst'], littleData),
  ],
};
