/** What methods reach with how many tuned weights: a point a method, one panel a task. */
import type { Result } from '../../documents/document';
import { runsOf } from '../../documents/ran';
import { meanSd, metricOf, placesOf, seedCount, tested } from '../../evidence/aggregate';
import type { Method } from '../../methods/identity';
import { intervals } from './panel';
import type { Scatter } from './plotly';
import { type DrawnPanel, type Figure, smallMultiples } from './smallMultiples';
import { plainText, type SeriesStyle, seriesStyles } from './theme';

export type TunedWeights = Pick<Figure, 'name' | 'caption'> & {
  /** Drawn under these labels. */
  readonly methods: readonly Method[];
};

/** Means over seeds with 95 % intervals by Student's t; the axis of weights is logarithmic. */
export function tunedWeights({ name, caption, methods }: TunedWeights, all: readonly Result[]): Figure {
  const results = tested(all);
  const styles = seriesStyles(methods.map(({ label }) => label));
  const panels = placesOf(results, methods).map(({ task, title, methods: here }): DrawnPanel => {
    const metric = metricOf(results, task);
    const points = here.flatMap((method) => {
      const runs = runsOf(results, task, method);
      return runs.length === 0 ? [] : [pointOf(runs, metric, method.label, styles)];
    });
    const weights = points.map(({ x }) => x[0]);
    const [least, most] = [Math.min(...weights) / 2, Math.max(...weights) * 2];
    return {
      title,
      traces: points,
      x: {
        label: 'Tuned weights',
        type: 'log',
        range: [Math.log10(least), Math.log10(most)],
        tickvals: ticksIn(least, most),
        tickformat: '~s',
        tickangle: 0,
      },
      y: { label: metric, nticks: 5 },
    };
  });
  const spread = 'Means over seeds with 95 % intervals (Student’s t)';
  return smallMultiples({
    name,
    caption: `${caption} ${seedCount(results) === '1 seed' ? 'One seed' : `${spread}, ${seedCount(results)}`}; weights on a logarithmic axis.`,
    panels,
  });
}

/** Powers of ten; where fewer than two lie between, their triples too. */
function ticksIn(least: number, most: number): number[] {
  const powers = Array.from({ length: 12 }, (_, exponent) => 10 ** exponent);
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= least && tick <= most);
  const tens = within(powers);
  return tens.length > 1 ? tens : within(powers.flatMap((power) => [power, 3 * power]));
}

function pointOf(
  runs: readonly Result[],
  metric: string,
  label: string,
  styles: ReadonlyMap<string, SeriesStyle>,
): Scatter {
  const { color, symbol } = styles.get(label) as SeriesStyle;
  const { mean, interval: [low, high] = [mean, mean] } = meanSd(
    runs.map(({ metrics }) => metrics.test[metric]),
  );
  return {
    type: 'scatter',
    mode: 'markers',
    name: plainText(label),
    legendgroup: label,
    x: [runs[0].parameters.tuned],
    y: [mean],
    error_y: intervals([{ mean, low, high }], color),
    marker: { color, symbol, size: 7 },
    cliponaxis: false,
  };
}
