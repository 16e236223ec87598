/** What methods reach with how many tuned weights: a point a method, one panel a task. */
import { meanSd, metricOf, placesOf, seedCount, tested } from '../../evidence/aggregate';
import type { Result } from '../../experiments/documents/document';
import { runsOf } from '../../experiments/documents/ran';
import type { Method } from '../../experiments/methods/identity';
import { type DrawnPanel, type Figure, smallMultiples } from './smallMultiples';
import { intervals, plainText, type SeriesStyle, seriesStyles } from './theme';

/** Means over seeds with 95 % intervals by Student's t, methods under their labels; the axis of weights is logarithmic. */
export function tunedWeights(
  { name, caption, methods }: Pick<Figure, 'name' | 'caption'> & { readonly methods: readonly Method[] },
  all: readonly Result[],
): Figure {
  const results = tested(all);
  const styles = seriesStyles(methods.map(({ label }) => label));
  const panels = placesOf(results, methods).map(({ task, title, methods: here }): DrawnPanel => {
    const metric = metricOf(results, task);
    const traces = here.flatMap((method) => {
      const runs = runsOf(results, task, method);
      const style = styles.get(method.label) as SeriesStyle;
      return runs.length === 0 ? [] : [pointOf(runs, metric, method.label, style)];
    });
    const weights = traces.map(({ x }) => x[0]);
    const [least, most] = [Math.min(...weights) / 2, Math.max(...weights) * 2];
    const x = { label: 'Tuned weights', type: 'log', tickformat: '~s', tickangle: 0 };
    const range = [Math.log10(least), Math.log10(most)] as const;
    return {
      ...{ title, traces, x: { ...x, range, tickvals: ticksIn(least, most) } },
      y: { label: metric, nticks: 5 },
    };
  });
  const count = seedCount(results);
  const spread =
    count === '1 seed' ? 'One seed' : `Means over seeds with 95 % intervals (Student’s t), ${count}`;
  return smallMultiples({ name, caption: `${caption} ${spread}; weights on a logarithmic axis.`, panels });
}

/** Powers of ten; where fewer than two lie between, their triples too. */
function ticksIn(least: number, most: number): number[] {
  const powers = Array.from({ length: 12 }, (_, exponent) => 10 ** exponent);
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= least && tick <= most);
  const tens = within(powers);
  return tens.length > 1 ? tens : within(powers.flatMap((power) => [power, 3 * power]));
}

function pointOf(runs: readonly Result[], metric: string, label: string, { color, symbol }: SeriesStyle) {
  const values = runs.map(({ metrics }) => metrics.test[metric]);
  const { mean, interval: [low, high] = [mean, mean] } = meanSd(values);
  return {
    ...({ type: 'scatter', mode: 'markers', name: plainText(label), legendgroup: label } as const),
    x: [runs[0].parameters.tuned],
    y: [mean],
    error_y: intervals([{ mean, low, high }], color),
    marker: { color, symbol, size: 7 },
    cliponaxis: false,
  };
}
