/** In which order ways of tuning stand, and whether it is the same on every trunk. */
import { tasksOf, tested } from '../../evidence/aggregate';
import { rowReader } from '../../evidence/instances';
import { type Drawn, drawsOf } from '../../evidence/means';
import { type Agreement, agreement, halvesAgree, meanOfNumbers, type Sides } from '../../evidence/orders';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import type { Method } from '../../experiments/methods/identity';
import { columnsOf, type Estimate, type Table } from '../../report/table/table';
import { isOn, type Trunk, trunks, tunedBy, type Way, ways } from '../methods';

/** The ways that are there on each of some trunks. */
const waysOn = (...wanted: readonly Trunk[]): Way[] =>
  ways.filter((way) => wanted.every((trunk) => isOn(trunk)(way)));

/** The test metric of each seed. */
const bySeed = ({ results }: CompletedRun, task: string, method: Method): number[] =>
  runsOf(results, task, method).map(({ metric, metrics }) => metrics.test[metric]);

const ALL = 'Mean';
const columns = (tasks: readonly string[], label: string) => [
  ...columnsOf({ order: label }),
  ...[...tasks, ALL].map((task) => ({ key: task, label: task, digits: 2, style: 'fraction' as const })),
];

/** Whether the ways that two trunks have stand in the same order on another one as on the causal CNN. */
export function ordersOf(completed: CompletedRun): Table {
  const rowsOf = rowReader(completed.out);
  const tasks = tasksOf(tested(completed.results));
  const drawn = trunks.map((trunk) => {
    const onTask = (task: string) =>
      waysOn(trunk).map((way) => [way, drawsOf(completed, task, tunedBy(way, trunk), rowsOf)] as const);
    return [trunk, new Map(tasks.map((task) => [task, new Map(onTask(task))]))] as const;
  });
  const drawnOn = new Map(drawn);
  const [first, ...rest] = trunks;
  const rows = rest.map((trunk) => {
    const of = (on: Trunk, task: string) =>
      waysOn(first, trunk).map((way) => drawnOn.get(on)?.get(task)?.get(way) as Drawn);
    const sides = tasks.map((task): Sides => [of(first, task), of(trunk, task)]);
    const cells = tasks.map((task, i) => [task, cellOf(agreement(sides[i]))] as const);
    return { order: trunk, ...Object.fromEntries(cells), [ALL]: cellOf(agreement(...sides)) };
  });
  return {
    name: 'methods-orders',
    caption: `Kendall’s τ of the order, on the ${first} trunk and on another one, of the ways that both have; in brackets where 95 % of the resamples of seeds and users lie.`,
    ...{ columns: columns(tasks, `${first} and`), rows },
    note: 'τ: 1 for the same order, 0 by chance. Noise lowers a τ, and that of resamples twice, so the brackets lie low: what is above 0 is alike, but how much remains open.',
  };
}

/** Agreement of the order of ways by one half of the seeds with that by the other, on one trunk and across trunks. */
export function halvesOf(completed: CompletedRun): Table {
  const tasks = tasksOf(tested(completed.results));
  const seeds = (trunk: Trunk, task: string) =>
    waysOn(...trunks).map((way) => bySeed(completed, task, tunedBy(way, trunk)));
  const [first, ...rest] = trunks;
  const pairs = [
    ...trunks.map((trunk) => [`${trunk} and itself`, trunk, trunk] as const),
    ...rest.map((trunk) => [`${first} and ${trunk}`, first, trunk] as const),
  ];
  const rows = pairs.map(([order, one, other]) => {
    const taus = tasks.map((task) => halvesAgree(seeds(one, task), seeds(other, task)));
    const cells = [...tasks, ALL].map(
      (task, i) => [task, numberOf([...taus, meanOfNumbers(taus)][i])] as const,
    );
    return { order, ...Object.fromEntries(cells) };
  });
  return {
    name: 'methods-halves',
    caption:
      'Kendall’s τ of the order of ways by one half of the seeds and by the other, in the mean of all halves, for the ways that all trunks have.',
    ...{ columns: columns(tasks, 'Order on'), rows },
    note: 'Where a trunk does not agree with itself, its seeds do not tell its order, and τ with another one says nothing.',
  };
}

const numberOf = (tau: number): number | null => (Number.isNaN(tau) ? null : tau);

/** Nothing where all ways tie. */
const cellOf = ({ tau, low, high }: Agreement): Estimate | null =>
  Number.isNaN(tau) ? null : { value: tau, low, high };
