/** How methods converge, one small panel a task: what every figure of curves is. */
import { mean } from 'simple-statistics';
import type { Result } from '../../documents/document';
import { runsOf } from '../../documents/ran';
import { meanSd, metricOf, type Place, placesOf, seedCount, tested } from '../../evidence/aggregate';
import type { Method } from '../../methods/identity';
import { opponents, untrained } from '../../methods/opponents';
import type { CurvePoint } from '../../training/fit';
import { convergenceFigure } from './convergenceFigure';
import type { BandPoint, Panel, Series } from './panel';
import type { Figure } from './smallMultiples';
import { OPPONENT_LINE, REFERENCE_LINE } from './theme';

export interface Convergence {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  /** Drawn in this order, under these labels; no other is. */
  readonly methods: readonly Method[];
  readonly against: 'steps' | 'seconds';
  readonly part: 'test' | 'valid';
}

const X_LABEL = { steps: 'Training steps', seconds: 'Seconds of training' };

/** Each task's headline metric over training: lines are means over seeds, dotted what needs no training. */
export function convergence(content: Convergence, all: readonly Result[]): Figure {
  const { name, caption, methods } = content;
  const results = tested(all);
  return convergenceFigure({
    name,
    caption: `${caption} ${drawn(content, results)}`,
    panels: placesOf(results, methods).map((place) => panel(content, results, place)),
  });
}

function drawn({ part }: Convergence, results: readonly Result[]): string {
  const on = part === 'test' ? '' : ' on validation data';
  const count = seedCount(results);
  const lines =
    count === '1 seed' ? `One seed${on}` : `Means${on} over ${count}, bands ± one standard deviation`;
  return (
    `${lines}; rimmed marks: the mean at the steps that validation keeps. ` +
    'Dotted: LabelCS (most frequent label) or Popularity; dashed: bag of items. After early stopping a seed keeps its last value.'
  );
}

function panel(content: Convergence, results: readonly Result[], { task, title, methods }: Place): Panel {
  const metric = metricOf(results, task);
  const series = methods
    .map((method): Series => {
      const runs = runsOf(results, task, method);
      const points = meanCurve(runs, metric, content);
      return { label: method.label, points, ...keptIn(runs, metric, content) };
    })
    .filter(({ points }) => points.length > 0);
  const [{ training }] = methods;
  const level = (simple: readonly Method[]) =>
    simple
      .flatMap((method) => runsOf(results, task, training === undefined ? method : { ...method, training }))
      .flatMap(({ metrics }) => metrics[content.part][metric] ?? []);
  const line = (label: string, line: typeof REFERENCE_LINE, values: readonly number[]) =>
    values.length > 0 ? [{ label, line, y: mean([...values]) }] : [];
  return {
    title,
    xLabel: X_LABEL[content.against],
    ...(content.against === 'seconds' && { xFormat: '~r' }),
    yLabel: metric,
    series,
    references: [
      ...line('LabelCS, Popularity', REFERENCE_LINE, level(untrained)),
      ...line('Bag of items', OPPONENT_LINE, level([opponents.BagOfItems])),
    ],
  };
}

/** Where the kept states lie in the mean; nothing where curves lack their points. */
function keptIn(
  runs: readonly Result[],
  metric: string,
  { against, part }: Pick<Convergence, 'against' | 'part'>,
): Pick<Series, 'kept'> {
  const points = runs.flatMap(
    ({ curve, stoppedAt }) =>
      curve.find(({ step, ...point }) => step === stoppedAt && metric in point[part]) ?? [],
  );
  if (points.length === 0) return {};
  const x = mean(points.map(({ step, seconds }) => (against === 'steps' ? step : seconds)));
  return { kept: { x, y: mean(points.map((point) => point[part][metric])) } };
}

/** What a run measured at a step, or at its last where it had stopped before. */
function pointAt({ curve }: Pick<Result, 'curve'>, step: number): CurvePoint | undefined {
  const last = curve[curve.length - 1];
  return step > last.step ? last : curve.find((point) => point.step === step);
}

/**
 * A metric over training, averaged over the seeds; x is the step or their mean seconds. A seed that has stopped stays
 * where it was measured last.
 */
export function meanCurve(
  runs: readonly Pick<Result, 'curve'>[],
  metric: string,
  { against, part }: Pick<Convergence, 'against' | 'part'>,
): BandPoint[] {
  const measuring = runs
    .map((run) => ({ ...run, curve: run.curve.filter((point) => metric in point[part]) }))
    .filter(({ curve }) => curve.length > 0);
  const steps = [...new Set(measuring.flatMap(({ curve }) => curve.map(({ step }) => step)))];
  return steps
    .sort((a, b) => a - b)
    .map((step) => {
      const points = measuring.flatMap((run) => pointAt(run, step) ?? []);
      const x = against === 'steps' ? step : mean(points.map(({ seconds }) => seconds));
      return { x, ...bandOf(points.map((point) => point[part][metric])) };
    });
}

function bandOf(values: readonly number[]): Omit<BandPoint, 'x'> {
  const { mean, sd } = meanSd(values);
  return { mean, low: mean - sd, high: mean + sd };
}
