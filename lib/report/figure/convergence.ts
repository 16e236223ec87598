/** How methods converge, one small panel a task: what every figure of curves is. */
import { mean } from 'simple-statistics';
import type { Result } from '../../documents/document';
import { runsOf } from '../../documents/ran';
import { meanSd, metricOf, type Place, placesOf, seedCount, tested } from '../../evidence/aggregate';
import type { Method } from '../../methods/identity';
import { untrained } from '../../methods/opponents';
import type { CurvePoint } from '../../training/fit';
import { convergenceFigure } from './convergenceFigure';
import type { BandPoint, Panel } from './panel';
import type { Figure } from './smallMultiples';

export interface Convergence {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  /** Drawn in this order, under these labels; no other is. */
  readonly methods: readonly Method[];
  readonly against: 'steps' | 'seconds';
  readonly part: 'test' | 'valid';
  /** Tasks that stand first; the others follow in the paper's order. */
  readonly tasks?: readonly string[];
}

const X_LABEL = { steps: 'Training steps', seconds: 'Seconds of training' };

/** Each task's headline metric over training: lines are means over seeds, dotted what needs no training. */
export function convergence(content: Convergence, all: readonly Result[]): Figure {
  const { name, caption, methods, tasks } = content;
  const results = tested(all);
  return convergenceFigure({
    name,
    caption: `${caption} ${drawn(content, results)}`,
    panels: placesOf(results, methods, tasks).map((place) => panel(content, results, place)),
  });
}

function drawn({ part }: Convergence, results: readonly Result[]): string {
  const on = part === 'test' ? '' : ' on validation data';
  return `Lines are means${on}, bands ± one standard deviation over ${seedCount(results)}; dotted: the most frequent label, on recommendations the most popular items. A seed that validation has stopped stays where it was measured last.`;
}

function panel(content: Convergence, results: readonly Result[], { task, title, methods }: Place): Panel {
  const metric = metricOf(results, task);
  const series = methods
    .map((method) => ({
      label: method.label,
      points: meanCurve(runsOf(results, task, method), metric, content),
    }))
    .filter(({ points }) => points.length > 0);
  const { training } = methods[0];
  const level = untrained
    .flatMap((method) => runsOf(results, task, training === undefined ? method : { ...method, training }))
    .map(({ metrics }) => metrics[content.part][metric]);
  return {
    title,
    xLabel: X_LABEL[content.against],
    yLabel: metric,
    series,
    ...(level.length > 0 ? { reference: { label: 'Most frequent label, popularity', y: mean(level) } } : {}),
  };
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
