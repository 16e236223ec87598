/** Costs of ways of tuning: weights, bytes and time, and results over them. */
import { mean, median } from 'simple-statistics';
import { tasksOf, tested } from '../../evidence/aggregate';
import { testMeans } from '../../evidence/means';
import { type CompletedRun, resultsOf, runsOf } from '../../experiments/documents/completedRun';
import type { Result } from '../../experiments/documents/document';
import type { Experiment, FineTuning } from '../../experiments/methods/experiment';
import type { Method } from '../../experiments/methods/identity';
import { isMergeable } from '../../model/patches/patches';
import { type Costing, frontier } from '../../report/figure/frontier';
import type { Figure } from '../../report/figure/smallMultiples';
import { MOST_SERIES } from '../../report/figure/theme';
import { columnsOf, rangeOf, type Table } from '../../report/table/table';
import { Classifier, FUSION, methodsOn, type Trunk, trunkless, trunks, tunedBy, ways } from '../methods';

/** `6,576`, or the least and the greatest over tasks; below ten with a digit after the point. */
function range(values: readonly number[]): string | null {
  const print = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
  return rangeOf(values, print);
}

/** Weights that a method tunes beside its classifier, task by task. */
function besideClassifier(completed: CompletedRun, trunk: Trunk, runs: readonly Result[]): number[] {
  const classifier = tunedBy(Classifier, trunk);
  return runs.flatMap(({ task, seed, parameters }) => {
    const alone = runsOf(completed.results, task, classifier).find((run) => run.seed === seed);
    return alone ? [parameters.tuned - alone.parameters.tuned] : [];
  });
}

/** Milliseconds of a step after the first evaluation, before which kernels warm up: the median of runs, which bears a paused one. */
function stepOf(runs: readonly Result[]): number | null {
  const each = runs.flatMap(({ curve: [first, ...later] }) => {
    const last = later.at(-1);
    if (last !== undefined) return [(1000 * (last.seconds - first.seconds)) / (last.step - first.step)];
    return first === undefined ? [] : [(1000 * first.seconds) / first.step];
  });
  return each.length > 0 ? median(each) : null;
}

/** Whether the model of a task is a trunk without patches: nothing is added, or all is merged. */
const isInTrunk = ({ patches }: FineTuning): boolean =>
  patches === null || (patches.form !== undefined && isMergeable(patches.form));

/** Names of the kinds of tasks. */
const KINDS = { classify: 'profiles', recommend: 'items' } as const;

/** Costs of each way on a trunk. */
export function costsOn(completed: CompletedRun, trunk: Trunk): Table {
  const kindOf = (name: string) => completed.tasks.find((task) => task.name === name)?.kind;
  const rows = thereOf(completed, [...trunkless, ...methodsOn(trunk)]).map(([method, runs]) => {
    const on = (kind: keyof typeof KINDS) => runs.filter(({ task }) => kindOf(task) === kind);
    const kilobytes = (kind: keyof typeof KINDS) =>
      range(on(kind).map(({ parameters }) => parameters.perTaskBytes / 1000));
    const milliseconds = (kind: keyof typeof KINDS) =>
      range(tasksOf(on(kind)).flatMap((name) => stepOf(on(kind).filter(({ task }) => task === name)) ?? []));
    const ofTrunk = method.trunk !== 'none' && {
      weights: range(besideClassifier(completed, trunk, runs)),
      extra: isInTrunk(method as FineTuning) ? 'no' : 'yes',
    };
    return {
      ...{ method: method.label, ...ofTrunk },
      ...{ bytesProfiles: kilobytes('classify'), bytesItems: kilobytes('recommend') },
      ...{ profiles: milliseconds('classify'), items: milliseconds('recommend') },
    };
  });
  return {
    name: `methods-${trunk}-costs`,
    caption: `What ways of tuning the ${trunk} trunk cost.`,
    columns: [
      ...columnsOf({ method: 'Tuned', weights: 'Weights' }),
      ...columnsOf({ bytesProfiles: `kB, ${KINDS.classify}`, bytesItems: `kB, ${KINDS.recommend}` }),
      ...columnsOf({ profiles: `ms, ${KINDS.classify}`, items: `ms, ${KINDS.recommend}` }),
      ...columnsOf({ extra: 'Extra parts in use' }),
    ].map((column) => ({ ...column, align: column.key === 'method' ? 'left' : 'right' })),
    rows,
    note: 'Weights: beside the classifier, of fusion without the patches that are fused. kB: of a further task. ms: of a step, median of the runs on a task. Extra parts in use: whether a tuned model is more than a trunk and its classifier.',
  };
}

/** Methods that have results, with these. */
export const thereOf = (completed: CompletedRun, methods: readonly Experiment[]): [Experiment, Result[]][] =>
  methods
    .map((method): [Experiment, Result[]] => [method, resultsOf(tested(completed.results), method)])
    .filter(([, runs]) => runs.length > 0);

const familyOf = new Map<string, string>(ways.map(({ label, family }) => [label, family]));
const families = [...new Set(familyOf.values())];
const apart = families.length > MOST_SERIES ? families.slice(0, MOST_SERIES - 1) : families;

/** The family of a way; where there are too many the last ones are drawn as one. */
function styleOf({ label }: Method): string {
  const family = familyOf.get(label) as string;
  return apart.includes(family) ? family : 'Others';
}

const SECONDS: Costing = { label: 'ms a step', of: (runs) => stepOf(runs) ?? Number.NaN };

/** Weights beside the classifier of the trunk that the runs start from. */
const weightsIn = (completed: CompletedRun): Costing => ({
  label: 'Weights',
  of: (runs) => mean(besideClassifier(completed, runs[0].trunk as Trunk, runs)),
});

/** Test results on each trunk over the weights that are tuned, and over the time of a step; all ways but fused patches. */
export function frontiers(completed: CompletedRun): Figure[] {
  const meansOf = testMeans(completed);
  const drawn = [
    {
      ...{ name: 'methods-weights', cost: weightsIn(completed) },
      over: 'the weights that are tuned beside the classifier, which stands alone at the left end',
    },
    { name: 'methods-steps', cost: SECONDS, over: 'what a step takes' },
  ];
  return drawn.map(({ over, ...about }) =>
    frontier(
      {
        ...about,
        caption: `Ways of tuning each trunk, test results over ${over} (logarithmic). Dashed: the best that needs no trunk.`,
        groups: trunks.map((trunk) => ({
          title: trunk,
          methods: methodsOn(trunk).filter(({ label }) => label !== FUSION),
        })),
        ...{ meansOf, styleOf, beside: { label: 'Best without a trunk', methods: trunkless } },
      },
      completed.results,
    ),
  );
}
