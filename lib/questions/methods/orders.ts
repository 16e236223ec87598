/** In which order ways of tuning stand, and whether it is the same on every trunk. */
import { mean } from 'simple-statistics';
import { tasksOf, tested } from '../../evidence/aggregate';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import { kendallTau } from '../../metrics/kendall';
import { columnsOf, type Table } from '../../report/table/table';
import { isOn, type Trunk, trunks, tunedBy, type Way, ways } from '../methods';

const ALL = 'Mean';

/** Whether the ways that two trunks have stand in the same order on another one as on the causal CNN. */
export function ordersOf({ results }: CompletedRun): Table {
  const tasks = tasksOf(tested(results));
  const [first, ...rest] = trunks;
  const metricOf = (task: string, way: Way, trunk: Trunk) =>
    mean(runsOf(results, task, tunedBy(way, trunk)).map(({ metric, metrics }) => metrics.test[metric]));
  const rows = rest.map((trunk) => {
    const shared = ways.filter((way) => isOn(first)(way) && isOn(trunk)(way));
    const taus = tasks.map((task) => {
      const [here, there] = [first, trunk].map((on) => shared.map((way) => metricOf(task, way, on)));
      return kendallTau(here, there);
    });
    const numbers = taus.filter((tau) => !Number.isNaN(tau));
    const cells = tasks.map((task, i) => [task, Number.isNaN(taus[i]) ? null : taus[i]] as const);
    return {
      ...{ order: trunk, ...Object.fromEntries(cells) },
      [ALL]: numbers.length > 0 ? mean(numbers) : null,
    };
  });
  return {
    name: 'methods-orders',
    caption: `Kendall’s τ of the order, on the ${first} trunk and on another one, of the ways that both have.`,
    columns: [
      ...columnsOf({ order: `${first} and` }),
      ...[...tasks, ALL].map((task) => ({ key: task, label: task, digits: 2, style: 'fraction' as const })),
    ],
    rows,
    note: 'τ: 1 for the same order, 0 by chance; empty where all ways tie. Noise of seeds and users lowers it.',
  };
}
