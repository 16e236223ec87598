/** Curves of trunks on held-out users while they were pre-trained: log-loss and MRR@5, a row of panels a source. */
import { mean } from 'simple-statistics';
import type { Result } from '../../experiments/documents/document';
import { meanCurve, seedsDrawn } from './convergence';
import { convergenceFigure, type Panel } from './convergenceFigure';
import type { Figure } from './smallMultiples';
import { OPPONENT_LINE, REFERENCE_LINE } from './theme';

const DRAWN = { against: 'steps', part: 'valid' } as const;
const METRICS = ['LogLoss', 'MRR@5'] as const;
const REFERENCES = [
  ['Popularity', 'popularity', REFERENCE_LINE],
  ['Item co-occurrence', 'co-occurrence', OPPONENT_LINE],
] as const;

/** Trunks pre-trained on all users; means over seeds, each trunk a line. */
export function trunkCurves(name: string, all: readonly Result[]): Figure {
  const whole = all.filter(({ pretraining }) => pretraining === 1);
  const sources = [...new Set(whole.map(({ task }) => task))];
  return convergenceFigure({
    name,
    caption:
      `Trunks on held-out users over pre-training. ${seedsDrawn(whole)} Dotted: popularity; dashed: item co-occurrence. ` +
      'A causal trunk predicts the next item, a non-causal one masked items.',
    panels: sources.flatMap((source) =>
      METRICS.map((metric) =>
        panelOf(
          metric,
          source,
          whole.filter(({ task }) => task === source),
        ),
      ),
    ),
  });
}

function panelOf(metric: (typeof METRICS)[number], source: string, runs: readonly Result[]): Panel {
  const directions = [...new Set(runs.map(({ trunk }) => trunk))];
  return {
    title: `Source of ${source}`,
    xLabel: 'Steps of pre-training',
    yLabel: metric,
    series: directions.map((direction) => {
      const own = runs.filter(({ trunk }) => trunk === direction);
      const kept = own.flatMap(({ curve, stoppedAt }) => curve.find(({ step }) => step === stoppedAt) ?? []);
      return {
        label: `${direction} trunk`,
        points: meanCurve(own, metric, DRAWN),
        kept: { x: mean(kept.map(({ step }) => step)), y: mean(kept.map(({ valid }) => valid[metric])) },
      };
    }),
    references: REFERENCES.flatMap(([label, by, line]) => {
      const values = runs.flatMap(({ metrics }) => metrics.valid[`${metric}/${by}`] ?? []);
      return values.length > 0 ? [{ label, line, y: mean(values) }] : [];
    }),
  };
}
