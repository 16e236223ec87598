/** Curves of trunks on held-out users while they were pre-trained: log-loss and MRR@5, a row of panels a source. */
import { grouped } from '../../base/grouped';
import type { Result } from '../../experiments/documents/document';
import { levelAt, seedsDrawn, seriesOf } from './convergence';
import { convergenceFigure, type Panel } from './convergenceFigure';
import type { Figure } from './smallMultiples';
import { OPPONENT_LINE, REFERENCE_LINE } from './theme';

const METRICS = ['LogLoss', 'MRR@5'] as const;
const REFERENCES = [
  ['Popularity', 'popularity', REFERENCE_LINE],
  ['Item co-occurrence', 'co-occurrence', OPPONENT_LINE],
] as const;

/** Trunks pre-trained on all users; means over seeds, each trunk a line. */
export function trunkCurves(name: string, all: readonly Result[]): Figure {
  const whole = all.filter(({ pretraining }) => pretraining === 1);
  return convergenceFigure({
    name,
    caption:
      `Trunks on held-out users over pre-training. ${seedsDrawn(whole)} Dotted: popularity; dashed: item co-occurrence. ` +
      'A causal trunk predicts the next item, a non-causal one masked items.',
    panels: grouped(whole, ({ task }) => task).flatMap(([source, runs]) =>
      METRICS.map((metric) => panelOf(metric, source, runs)),
    ),
  });
}

const panelOf = (metric: (typeof METRICS)[number], source: string, runs: readonly Result[]): Panel => ({
  title: `Source of ${source}`,
  xLabel: 'Steps of pre-training',
  yLabel: metric,
  series: grouped(runs, ({ trunk }) => trunk).map(([trunk, own]) =>
    seriesOf(`${trunk} trunk`, own, metric, 'valid'),
  ),
  references: REFERENCES.flatMap(([label, by, line]) => {
    const values = runs.flatMap(({ metrics }) => metrics.valid[`${metric}/${by}`] ?? []);
    return levelAt(values, label, line);
  }),
});
