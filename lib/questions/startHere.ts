/** Start here: what a trunk, a patch and a tuned model look like, on one task with one seed. */
import { isDeepStrictEqual } from 'node:util';
import { mean } from 'simple-statistics';
import { whole } from '../base/counted';
import type { Task } from '../data/tasks/tasks';
import type { Weight } from '../engine/weights';
import type { FineTuning } from '../experiments/methods/experiment';
import { untrained } from '../experiments/opponents/opponents';
import { accountOf } from '../experiments/recipes/accounts';
import type { LastItem } from '../experiments/recipes/pretrain';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunks/trunk';
import type { UserModelWeights } from '../model/userModel';
import { meanCurve } from '../report/figure/convergence';
import { convergenceFigure } from '../report/figure/convergenceFigure';
import type { Figure } from '../report/figure/smallMultiples';
import { REFERENCE_LINE } from '../report/figure/theme';
import type { Cell, Table } from '../report/table/table';
import type { CurvePoint } from '../training/fit';

type Model = UserModelWeights<Weight>;
type Reached = { readonly label: string; readonly metrics: Metrics };
type Tuned = Reached & { readonly curve: readonly CurvePoint[] };

/** Popularity or LabelCS, by the kind of task. */
export const simplest = ({ kind }: Pick<Task, 'kind'>) => untrained.filter(({ of }) => of === kind)[0];

/** `ColdRec-1: 943 users, 1,341 source items, 141 labels to tell apart.` */
export function sizes({ name, source, labels }: Task): string {
  const [users, items, classes] = [[...new Set(source.users)], source.items, labels].map(({ length }) =>
    whole(length),
  );
  return `**${name}**: ${users} users, ${items} source items, ${classes} labels to tell apart.`;
}

const table = (caption: string, labels: readonly string[], rows: readonly (readonly Cell[])[]): Table => ({
  name: 'start-here',
  caption,
  columns: labels.map((label) => ({ key: label, label })),
  rows: rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [labels[i], cell]))),
});

/** How far ahead the last item of held-out users is ranked in the whole pool. */
export function lastItems({ lastItems: found }: { readonly lastItems: readonly LastItem[] }): Table {
  const row = (by: string, rankIn: (item: LastItem) => number) => {
    const ranks = found.map(rankIn);
    return [by, mean(ranks).toFixed(1), reciprocalRank(ranks, 5).toFixed(4)];
  };
  return table(
    `The last item of ${found.length} held-out users, ranked among all: 1 is best.`,
    ['ranked by', 'mean rank', 'MRR@5'],
    [
      row('trunk', ({ rank }) => rank),
      row('popularity', ({ popularityRank }) => popularityRank),
      row('co-occurrence', ({ cooccurrenceRank }) => cooccurrenceRank),
    ],
  );
}

/** Test results of each method. */
export const reached = ({ name, metric }: Task, methods: readonly Reached[]): Table =>
  table(
    `${name}: test results with one seed.`,
    ['method', metric],
    methods.map(({ label, metrics }) => [label, metrics[metric].toFixed(3)]),
  );

/** Methods while they train; the first of all, dotted, needs no training. */
export function curves({ name, metric }: Task, counted: Reached, methods: readonly Tuned[]): Figure {
  const series = methods.map(({ label, curve }) => ({
    label,
    points: meanCurve([{ curve }], metric, 'test'),
  }));
  const references = [{ label: counted.label, y: counted.metrics[metric], line: REFERENCE_LINE }];
  const panel = { title: name, xLabel: 'Training steps', yLabel: metric, series, references };
  const caption = `Test metric during training, pre-trained or not; dotted: ${counted.label}.`;
  return convergenceFigure({ name: 'start-here', caption, panels: [panel] });
}

/** A grafted model before and after tuning. */
type Grafted = {
  readonly experiment: FineTuning;
  readonly trunk: TrunkWeights<Weight>;
  readonly model: Model;
  readonly tuned: Reached & { readonly weights: Model };
};

/** The answer as Markdown. */
export function answer(
  { name, metric }: Task,
  [counted, zero]: readonly [Reached, Reached],
  { experiment, trunk, model, tuned }: Grafted,
): string {
  const [most, random, taught] = [counted, zero, tuned].map(({ metrics }) => metrics[metric].toFixed(3));
  const share = (100 * accountOf(model, experiment).share).toFixed(1);
  const same = isDeepStrictEqual(tuned.weights.trunk, trunk) ? 'bit for bit what it was' : 'changed';
  return (
    `**Can a small patch teach an old network a new task?** On ${name}, one seed: ${metric} ${taught} with patches on the ` +
    `pre-trained trunk, ${random} with patches on a random one, ${most} by ${counted.label}. Tuned weights: ${share} % of what ` +
    `tuning everything would take; the trunk is ${same}.`
  );
}
