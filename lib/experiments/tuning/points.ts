/** Points of the search space that every method is tried at. */
import type { Experiment } from '../methods/experiment';
import type { Choice, Preset } from '../methods/presets';
import { choiceAt, type Space, spaceOfTuning, tunedAs } from '../methods/space';
import { opponentOf } from '../opponents/opponents';
import { sobolPoints } from './sobol';

/** The hyper-parameters of a method; none of one that counts labels. */
export function spaceOf(experiment: Experiment): Space {
  if (experiment.kind === 'most frequent') return {};
  return experiment.kind === 'opponent' ? opponentOf(experiment.model).space : spaceOfTuning(experiment);
}

/** The methods with something to tune of which nothing was tuned. */
export const untunedOf = (methods: readonly Experiment[], { chosen }: Pick<Preset, 'chosen'>): Experiment[] =>
  methods.filter(
    (method) =>
      Object.keys(spaceOf(method)).length > 0 &&
      Object.values(chosen).every((ofKind) => !(tunedAs(method) in ofKind)),
  );

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
