/** How methods converge, one small panel a task: what every figure of curves is. */
import { mean } from 'simple-statistics';
import type { Result } from '../../documents/document';
import { meanSd, metricOf, runsOf, seedCount, tasksOf, tested } from '../aggregate';
import { convergenceFigure, type Figure } from './convergenceFigure';
import type { BandPoint, Panel } from './panel';

export interface Convergence {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  /** Drawn in this order; no other is. */
  readonly methods: readonly string[];
  readonly against: 'steps' | 'seconds';
  readonly part: 'test' | 'valid';
  /** Tasks that stand first; the others follow in the paper's order. */
  readonly tasks?: readonly string[];
}

/** The most frequent label is called LabelCS for profiles and popularity for items. */
const UNTRAINED = ['LabelCS', 'Popularity'];

const X_LABEL = { steps: 'Training steps', seconds: 'Seconds of training' };

/** Each task's headline metric over training: lines are means over seeds, dotted what needs no training. */
export function convergence(content: Convergence, all: readonly Result[]): Figure {
  const { name, caption, tasks } = content;
  const results = tested(all);
  return convergenceFigure({
    name,
    caption: `${caption} ${drawn(content, results)}`,
    panels: tasksOf(results, tasks).map((task) => panel(content, results, task)),
  });
}

function drawn({ part }: Convergence, results: readonly Result[]): string {
  const on = part === 'test' ? '' : ' on validation data';
  return `Lines are means${on}, bands ± one standard deviation over ${seedCount(results)}; dotted: the most frequent label.`;
}

function panel(content: Convergence, results: readonly Result[], task: string): Panel {
  const metric = metricOf(results, task);
  const series = content.methods
    .map((label) => ({ label, points: meanCurve(runsOf(results, task, label), metric, content) }))
    .filter(({ points }) => points.length > 0);
  const untrained = UNTRAINED.flatMap((method) => runsOf(results, task, method));
  const level = untrained.map(({ metrics }) => metrics[content.part][metric]);
  return {
    title: task,
    xLabel: X_LABEL[content.against],
    yLabel: metric,
    series,
    ...(level.length > 0 ? { reference: { label: 'Most frequent label', y: mean(level) } } : {}),
  };
}

/** A metric over training, averaged over the seeds that measured it at a step; x is the step or their mean seconds. */
export function meanCurve(
  runs: readonly Pick<Result, 'curve'>[],
  metric: string,
  { against, part }: Pick<Convergence, 'against' | 'part'>,
): BandPoint[] {
  const measured = runs.flatMap(({ curve }) => curve.filter((point) => metric in point[part]));
  const steps = [...new Set(measured.map(({ step }) => step))].sort((a, b) => a - b);
  return steps.map((step) => {
    const points = measured.filter((point) => point.step === step);
    const x = against === 'steps' ? step : mean(points.map(({ seconds }) => seconds));
    return { x, ...bandOf(points.map((point) => point[part][metric])) };
  });
}

function bandOf(values: readonly number[]): Omit<BandPoint, 'x'> {
  const { mean, sd } = meanSd(values);
  return { mean, low: mean - sd, high: mean + sd };
}
