/** In which order ways of tuning stand, and whether it is the same on every trunk. */
import { mean } from 'simple-statistics';
import { tasksOf, tested } from '../../evidence/aggregate';
import { drawsOf } from '../../evidence/crossings';
import { rowReader } from '../../evidence/instances';
import { type Agreement, agreement, criticalDifference, halvesAgree, meanRanks } from '../../evidence/orders';
import { type Ran, runsOf } from '../../experiments/documents/ran';
import type { Method } from '../../experiments/methods/identity';
import { rankFigure } from '../../report/figure/rankFigure';
import type { Figure } from '../../report/figure/smallMultiples';
import { columnsOf, type Estimate, type Table } from '../../report/table/table';
import { isOn, type Trunk, trunks, tunedBy, type Way, ways } from '../methods';

/** The ways that are there on each of some trunks. */
export const waysOn = (...wanted: readonly Trunk[]): Way[] =>
  ways.filter((way) => wanted.every((trunk) => isOn(trunk)(way)));

/** The test metric of each seed. */
export const bySeed = ({ results }: Ran, task: string, method: Method): number[] =>
  runsOf(results, task, method).map(({ metric, metrics }) => metrics.test[metric]);

/** The order, over tasks and trunks, of the ways that every trunk has. */
export function ranks(ran: Ran): Figure {
  const common = waysOn(...trunks);
  const blocks = trunks.flatMap((trunk) =>
    tasksOf(tested(ran.results)).map((task) =>
      common.map((way) => mean(bySeed(ran, task, tunedBy(way, trunk)))),
    ),
  );
  const found = meanRanks(blocks);
  return rankFigure({
    name: 'methods-ranks',
    caption: `Mean ranks of ways of tuning over ${blocks.length} blocks, a task on a trunk each; blocks are not independent, so the critical difference is too small.`,
    title: 'All trunks',
    ranks: common.map(({ label }, i) => ({ label, rank: found[i] })),
    critical: criticalDifference(common.length, blocks.length),
  });
}

/** Whether the ways that two trunks have stand in the same order on another one as on the causal CNN. */
export function ordersOf(ran: Ran): Table {
  const rowsOf = rowReader(ran.out);
  const [first, ...rest] = trunks;
  const rows = tasksOf(tested(ran.results)).map((task) => {
    const drawn = trunks.map((trunk) => {
      const own = waysOn(trunk).map((way) => [way, drawsOf(ran, task, tunedBy(way, trunk), rowsOf)] as const);
      return [trunk, new Map(own)] as const;
    });
    const drawnOn = new Map(drawn);
    const of = (trunk: Trunk, common: readonly Way[]) =>
      common.map((way) => drawnOn.get(trunk)?.get(way) as ReturnType<typeof drawsOf>);
    const cells = rest.map((trunk) => {
      const common = waysOn(first, trunk);
      return [trunk, cellOf(agreement(of(first, common), of(trunk, common)))] as const;
    });
    const seeds = (trunk: Trunk) => waysOn(...trunks).map((way) => bySeed(ran, task, tunedBy(way, trunk)));
    const halves = trunks.map((trunk) => {
      const tau = halvesAgree(seeds(first), seeds(trunk));
      return [halfOf(trunk), Number.isNaN(tau) ? null : tau] as const;
    });
    return { task, ...Object.fromEntries([...cells, ...halves]) };
  });
  const ofTau = (key: string, label: string) => ({ key, label, digits: 2, style: 'signed' as const });
  return {
    name: 'methods-orders',
    caption: `Kendall’s τ of the order, on the ${first} trunk and on another one, of the ways that both have, with 95 % of resamples of seeds and users.`,
    columns: [
      ...columnsOf({ task: 'Task' }),
      ...rest.map((trunk) => ofTau(trunk, trunk)),
      ...trunks.map((trunk) => ofTau(halfOf(trunk), halfOf(trunk))),
    ],
    rows,
    note: `τ: 1 for the same order, 0 by chance; noise lowers τ of resamples below that of the means. Halves: τ of the ways that all trunks have, on the ${first} trunk by one half of the seeds and on a trunk by the other; noise alone keeps it below 1 on the ${first} trunk itself.`,
  };
}

/** The column of τ between halves of the seeds, by its key and label. */
export const halfOf = (trunk: Trunk) => `${trunk}, halves`;

/** Nothing where all ways tie. */
const cellOf = ({ tau, low, high }: Agreement): Estimate | null =>
  Number.isNaN(tau) ? null : { value: tau, low, high };
