/** What the notebook of each question runs, for an estimate of its time. */

import { chooseTasks, type Wanted } from '../../questions/missing';
import { rq1 } from '../../questions/rq1';
import { rq2 } from '../../questions/rq2';
import { rq3Items, rq3Profiles } from '../../questions/rq3';
import { bothTrunks, insertionPlaces, littleData, pretrainingLengths } from '../../questions/rq4';
import type { Planned } from '../../runs/estimate';
import type { Workbench } from '../../runs/workbench';

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
