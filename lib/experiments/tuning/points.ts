/** Points of the search space that every method is tried at. */
import type { Experiment } from '../methods/experiment';
import type { Choice } from '../methods/presets';
import { choiceAt, spaceOf } from '../methods/space';
import { sobolPoints } from './sobol';

/** The choices of a method, one for each trial; undefined for the preset's own. */
export function choicesOf(experiment: Experiment, trials: number): readonly (Choice | undefined)[] {
  const space = spaceOf(experiment);
  const points = trials > 1 ? sobolPoints(Object.keys(space).length, trials - 1) : [];
  return [undefined, ...points.map((point) => choiceAt(space, point))];
}

/** Names of the values of a choice that are the least or the largest of those that were tried. */
export const atEnds = (choice: Partial<Choice>, tried: readonly (Choice | undefined)[]): string[] =>
  Object.entries(choice).flatMap(([name, value]) => {
    const values = tried.flatMap((own) => own?.[name] ?? []);
    return value === Math.min(...values) || value === Math.max(...values) ? [name] : [];
  });
