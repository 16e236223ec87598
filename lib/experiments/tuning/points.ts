/** Points of the search space that every method is tried at. */
import { attribute, backend, tf } from '../../engine/native';
import type { Experiment } from '../methods/experiment';
import type { Choice, Preset } from '../methods/presets';
import { choiceAt, type Space, spaceOfTuning, tunedAs } from '../methods/space';
import { opponentOf } from '../opponents/opponents';

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

/** Points 1 … count of Sobol's sequence in [0, 1)^dimensions, by TensorFlow: any number fills it evenly. */
function sobolPoints(dimensions: number, count: number): number[][] {
  return tf.tidy(() => {
    const inputs = [dimensions, count, 1].map((value) => tf.scalar(value, 'int32')); // the last skips point 0
    const points = backend.executeSingleOutput('SobolSample', [attribute.type('dtype')], inputs);
    return points.arraySync() as number[][];
  });
}

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
