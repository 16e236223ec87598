import { lastX, type Panel, panelTraces } from './panel';
import { type DrawnPanel, type Figure, smallMultiples } from './smallMultiples';
import { seriesStyles } from './theme';

export interface ConvergenceContent {
  readonly name: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
}

/** One row of small panels under one shared legend: how methods converge, one panel a task. */
export function convergenceFigure({ name, caption, panels }: ConvergenceContent): Figure {
  const styles = seriesStyles(panels.flatMap(({ series }) => series.map(({ label }) => label)));
  const drawn = panels.map((panel, i): DrawnPanel => {
    const { title, xLabel, yLabel } = panel;
    return {
      title,
      traces: panelTraces(panel, i, styles),
      x: { label: xLabel, tickformat: '~s', range: [0, lastX(panel)] },
      y: { label: yLabel, nticks: 5 },
    };
  });
  return smallMultiples({ name, caption, panels: drawn });
}
