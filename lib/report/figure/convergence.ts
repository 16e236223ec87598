/** How methods converge, one small panel a task: what every figure of curves is. */
import { mean } from 'simple-statistics';
import { type Lineup, lineupsOf, meanSd, metricOf, seedCount, tested } from '../../evidence/aggregate';
import { runsOf } from '../../experiments/documents/completedRun';
import type { Result } from '../../experiments/documents/document';
import type { Method } from '../../experiments/methods/identity';
import { opponents, untrained } from '../../experiments/opponents/opponents';
import type { CurvePoint } from '../../training/fit';
import { type BandPoint, convergenceFigure, type Panel, type Series } from './convergenceFigure';
import type { Line } from './plotly';
import type { Figure } from './smallMultiples';
import { OPPONENT_LINE, REFERENCE_LINE } from './theme';

export type Convergence = {
  readonly name: string;
  readonly caption: string;
  /** In this order, under these labels. */
  readonly methods: readonly Method[];
};

/** Which measurements of a curve are drawn. */
type Part = 'test' | 'valid';

/** Each task's headline metric over training: lines are means over seeds, dotted what needs no training. */
export function convergence({ name, caption, methods }: Convergence, all: readonly Result[]): Figure {
  const results = tested(all);
  return convergenceFigure({
    name,
    caption: `${caption} ${seedsDrawn(results)} Dotted: LabelCS (most frequent label) or Popularity; dashed: bag of items.`,
    panels: lineupsOf(results, methods).map((lineup) => panelOf(results, lineup)),
  });
}

/** How lines and marks are drawn of these seeds. */
export function seedsDrawn(results: readonly Result[]): string {
  const count = seedCount(results);
  return count === '1 seed'
    ? `One seed; rimmed marks: the kept state.`
    : `Means over ${count}, bands ± one standard deviation; rimmed marks: the kept states, averaged over seeds in ` +
        'both axes and so off the curve. After early stopping a seed keeps its last value.';
}

function panelOf(results: readonly Result[], { task, title, methods }: Lineup): Panel {
  const metric = metricOf(results, task);
  const series = methods.map((method) =>
    seriesOf(method.label, runsOf(results, task, method), metric, 'test'),
  );
  const [{ training }] = methods;
  const reference = (label: string, line: Line, simple: readonly Method[]) => {
    const values = simple
      .flatMap((method) => runsOf(results, task, training === undefined ? method : { ...method, training }))
      .flatMap(({ metrics }) => metrics.test[metric] ?? []);
    return levelAt(values, label, line);
  };
  return {
    title,
    xLabel: 'Training steps',
    yLabel: metric,
    series: series.filter(({ points }) => points.length > 0),
    references: [
      ...reference('LabelCS, Popularity', REFERENCE_LINE, untrained),
      ...reference('Bag of items', OPPONENT_LINE, [opponents.BagOfItems]),
    ],
  };
}

/** A horizontal line at the mean of values; none without values. */
export const levelAt = (values: readonly number[], label: string, line: Line) =>
  values.length > 0 ? [{ label, line, y: mean(values) }] : [];

/** The mean curve of runs, and the mean place of the states that validation kept. */
export function seriesOf(label: string, runs: readonly Result[], metric: string, part: Part): Series {
  const points = meanCurve(runs, metric, part);
  const kept = runs.flatMap(
    ({ curve, stoppedAt }) => curve.find((point) => point.step === stoppedAt && metric in point[part]) ?? [],
  );
  if (kept.length === 0) return { label, points };
  return {
    label,
    points,
    kept: { x: mean(kept.map(({ step }) => step)), y: mean(kept.map((point) => point[part][metric])) },
  };
}

/** Measurement of a run at a step, or at its last if it had stopped before. */
function pointAt(curve: readonly CurvePoint[], step: number): CurvePoint | undefined {
  const last = curve[curve.length - 1];
  return step > last.step ? last : curve.find((point) => point.step === step);
}

/** Mean over seeds ± one standard deviation at each step. After early stopping a seed keeps its last value. */
export function meanCurve(runs: readonly Pick<Result, 'curve'>[], metric: string, part: Part): BandPoint[] {
  const curves = runs
    .map(({ curve }) => curve.filter((point) => metric in point[part]))
    .filter(({ length }) => length > 0);
  const steps = [...new Set(curves.flatMap((curve) => curve.map(({ step }) => step)))];
  return steps
    .sort((a, b) => a - b)
    .map((step) => {
      const points = curves.flatMap((curve) => pointAt(curve, step) ?? []);
      const { mean: middle, sd } = meanSd(points.map((point) => point[part][metric]));
      return { x: step, mean: middle, low: middle - sd, high: middle + sd };
    });
}
