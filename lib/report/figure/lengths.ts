/** Test results by the length of users' histories. */
import { lineupsOf, metricOf } from '../../evidence/aggregate';
import { type Row, type RowsOf, rowReader } from '../../evidence/instances';
import { meansWithin, testedOf } from '../../evidence/means';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import type { Method } from '../../experiments/methods/identity';
import { convergenceFigure, type Panel } from './convergenceFigure';
import type { Figure } from './smallMultiples';

/** Of rows; 4 has the longest histories. */
const QUARTERS = [1, 2, 3, 4];

/** The metric of methods on a task in each quarter of its users that every seed tested some of. */
function panelOf(completed: CompletedRun, task: string, methods: readonly Method[], rowsOf: RowsOf): Panel {
  const tested = runsOf(completed.results, task, methods[0]).map(rowsOf);
  const inside = (own: number) => (row: Row) => Number(row.quarter) === own;
  const there = QUARTERS.filter((own) => tested.every((rows) => rows.some(inside(own))));
  const means = there.map((own) => {
    const rowsIn: RowsOf = (run) => rowsOf(run).filter(inside(own));
    return meansWithin(methods.map((method) => testedOf(completed, task, method, rowsIn)));
  });
  return {
    ...{ title: task, xLabel: 'Quarter of users', yLabel: metricOf(completed.results, task) },
    ...{ xTicks: QUARTERS.map((own) => 2 ** own), xTexts: QUARTERS.map(String) },
    series: methods.map(({ label }, m) => ({
      label,
      points: there.map((own, i) => ({ x: 2 ** own, ...means[i][m] })),
    })),
  };
}

/** A panel a task, a point a quarter of its users. */
export function resultsByLength(
  { name, caption }: Pick<Figure, 'name' | 'caption'>,
  completed: CompletedRun,
  methods: readonly Method[],
): Figure {
  const { results, out } = completed;
  const rowsOf = rowReader(out);
  const panels = lineupsOf(results, methods).map(({ task, methods: here }) => {
    const ran = here.filter((method) => runsOf(results, task, method).length > 0);
    return panelOf(completed, task, ran, rowsOf);
  });
  return convergenceFigure({
    ...{ name, panels: panels.filter(({ series }) => series.some(({ points }) => points.length > 0)) },
    caption:
      `${caption} Quarters of a task’s users by the length of their histories, 4 the longest. Means over seeds and test users with 95 % ` +
      'intervals of what is left without the mean over methods (Morey 2008).',
  });
}
