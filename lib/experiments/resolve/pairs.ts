/** Each experiment on each task that it is planned for, and what it fuses. */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import { selections } from '../../model/selections/selections';
import { architectureOf, exampleShape, layerCount } from '../../model/trunks/trunk';
import { chooseTasks } from '../methods/chosenTasks';
import {
  drawsNegatives,
  type Experiment,
  type FineTuning,
  fusedTasks,
  type Planned,
} from '../methods/experiment';
import { identityOf, requireMethod } from '../methods/identity';
import { nameOfChoice } from '../methods/own/own';
import { requireDeclared } from './declared';

/** An experiment on a task. */
export type Pair = {
  readonly task: Task;
  readonly experiment: Experiment;
  /** The pairs whose patches the experiment fuses. */
  readonly fused?: readonly Pair[];
};

/** A share of 1 is no share. */
function onAll<E extends Experiment>(experiment: E): E {
  if (experiment.training !== 1) return experiment;
  const { training: _, ...whole } = experiment;
  return whole as E;
}

/**
 * Every experiment on every task that it is planned for, each pair once. Throws a UserError that names an experiment which is
 * planned twice, is invalid, or is declared differently by two plans.
 */
export function pairsOf(tasks: readonly Task[], planned: readonly Planned[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const one of planned) {
    const { on, experiments } = one;
    if (on === undefined || !Array.isArray(experiments))
      throw new UserError(
        `runs: expected entries { on, experiments }, found one of ${Object.keys(one).join(', ')}`,
      );
    requireEachOnce(experiments);
    for (const task of chooseTasks(tasks, on).tasks) {
      for (const experiment of experiments.filter((one) => isFor(task, one)).map(onAll)) {
        const key = JSON.stringify([task.name, identityOf(experiment)]);
        const known = found.get(key)?.experiment ?? experiment;
        requireEffect(task, experiment);
        requireAlike(known, experiment);
        if (!found.has(key)) found.set(key, { task, experiment });
      }
    }
  }
  return [...found.values()];
}

/** Throws a UserError unless two declarations of an experiment differ in their labels alone. */
function requireAlike(known: Experiment, other: Experiment): void {
  if (isDeepStrictEqual({ ...known, label: '' }, { ...other, label: '' })) return;
  throw new UserError(`${identityOf(known)} is declared in two ways; expected an id of its own for each`);
}

/** The pair with the names of the tasks that it fuses; none where all are only one. */
function withNames(tasks: readonly Task[], pair: Pair): Pair[] {
  const { task, experiment } = pair;
  const { fused } = experiment as Partial<FineTuning>;
  if (fused?.tasks !== 'all') return [pair];
  const alike = tasks.filter(({ source, kind }) => source === task.source && kind === task.kind);
  const named = { ...experiment, fused: { ...fused, tasks: alike.map(({ name }) => name) } };
  return alike.length < 2 ? [] : [{ ...pair, experiment: named as FineTuning }];
}

/** Throws a UserError unless patches can be fused: on the same trunk, shipped, tuned with the classifier alone. */
function requireFusable(experiment: FineTuning, other: FineTuning): void {
  const same = ['trunk', 'start', 'pretraining', 'halves', 'setting', 'representation', 'loss'] as const;
  const unlike = same.find((key) => !isDeepStrictEqual(experiment[key], other[key]));
  const isShipped = typeof other.patches?.place === 'string' && !other.patches.patch;
  const isPlain =
    other.tuned === 'patches and classifier' && other.tcl === 'frozen' && !(other.itemRank || other.pastRank);
  if (unlike === undefined && experiment.start === 'pre-trained' && isShipped && isPlain) return;
  const why = unlike
    ? `the same ${unlike}`
    : 'shipped patches that are tuned with the classifier alone on a pre-trained trunk';
  throw new UserError(`${experiment.id}: fused ${other.id}: expected ${why}`);
}

/** Plans what a pair fuses before it. Throws a UserError for a fused task of another source or kind. */
export function withFused(tasks: readonly Task[], planned: readonly Pair[]): Pair[] {
  const pairs = planned.flatMap((pair) => withNames(tasks, pair));
  const nameOf = ({ task, experiment }: Pair) => JSON.stringify([task.name, identityOf(experiment)]);
  const found = new Map(pairs.map((pair) => [nameOf(pair), pair]));
  const added = (pair: Pair): Pair => {
    const known = found.get(nameOf(pair)) ?? pair;
    found.set(nameOf(pair), known);
    return known;
  };
  const resolved = pairs.map((pair): Pair => {
    const { task, experiment } = pair;
    if (experiment.kind !== 'fine-tuning' || !experiment.fused) return pair;
    const { experiment: other } = experiment.fused;
    const names = fusedTasks(experiment.fused);
    requireFusable(experiment, other);
    const of = names.map((name, i) => {
      const own = tasks.find((one) => one.name === name);
      if (own?.source !== task.source || own.kind !== task.kind || names.indexOf(name) !== i)
        throw new UserError(
          `${experiment.id} on ${task.name}: fused ${name}: expected each task of its source and kind once`,
        );
      const known = added({ task: own, experiment: other });
      requireAlike(known.experiment, other);
      return known;
    });
    return { ...pair, fused: of };
  });
  const fusing = resolved.filter(({ fused }) => fused);
  const own = new Set(fusing.map(nameOf));
  return [...[...found.values()].filter((pair) => !own.has(nameOf(pair))), ...fusing];
}

/** Some methods are for tasks of one kind: the most frequent label has a name for each. */
const isFor = ({ kind }: Task, experiment: Experiment) => !('of' in experiment) || experiment.of === kind;

function requireEachOnce(experiments: readonly Experiment[]): void {
  const seen = new Set<string>();
  for (const experiment of experiments) {
    requireMethod(experiment, 'experiments');
    requireDeclared(experiment);
    const identity = identityOf(experiment);
    if (seen.has(identity))
      throw new UserError(`${identity} stands twice among the experiments; expected each id once on a trunk`);
    seen.add(identity);
  }
}

/** Throws a UserError for what a trunk does not have. */
function requirePossible(experiment: FineTuning): void {
  const { trunk, tuned, patches } = experiment;
  const { norms } = architectureOf({ trunk });
  const refused = (what: string, expected: string) => {
    throw new UserError(`${identityOf(experiment)}: ${what}: expected ${expected}`);
  };
  const place = patches?.place;
  if (typeof place === 'string' && place.endsWith('after norm') && norms !== 'after products')
    refused(
      `patches.place ${place}`,
      `serial, parallel or parallel after activation, as no norm follows the products of ${trunk}`,
    );
  if (typeof tuned !== 'string') return;
  const selection = selections[tuned];
  if (selection.norms && norms === 'none')
    refused(`tuned ${tuned}`, `another choice, as ${trunk} has no norm`);
  const layers = layerCount(exampleShape({ trunk }));
  if (layers < (selection.layers ?? 1))
    refused(
      `tuned ${tuned}`,
      `another choice, as ${trunk} has ${layers === 1 ? 'one layer' : `${layers} layers`}`,
    );
  for (const key of ['itemRank', 'pastRank'] as const)
    if (experiment[key] && !selection.patches)
      refused(`${key} ${nameOfChoice(experiment[key])}`, `tuned everything or patches, found ${tuned}`);
}

function requireEffect(task: Task, experiment: Experiment): void {
  if (experiment.kind === 'fine-tuning') requirePossible(experiment);
  if (experiment.kind !== 'fine-tuning' || !experiment.negatives || drawsNegatives(task, experiment)) return;
  throw new UserError(
    `${identityOf(experiment)} on ${task.name}: negatives ${experiment.negatives.name}: expected a loss that samples negatives`,
  );
}
