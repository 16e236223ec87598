import fs from 'node:fs';
import path from 'node:path';
import { exportFigure, exportTable } from '../report/export';
import type { Figure } from '../report/figure/smallMultiples';
import { outOfSvg, type Provenance } from '../report/provenance';
import type { Table } from '../report/table/table';
import { show, showDrawn } from './show';

/** Shows a table or a figure and leaves it in every format under `out`/tables or `out`/figures. */
export async function publish(thing: Table | Figure, out: string, from: Provenance): Promise<void> {
  if ('spec' in thing) {
    const [svg] = await exportFigure(thing, path.join(out, 'figures'), from);
    showDrawn(thing, outOfSvg(fs.readFileSync(svg, 'utf8')));
  } else {
    exportTable(thing, path.join(out, 'tables'), from);
    await show(thing);
  }
}

/** Whether a table has no row, or a figure no curve. */
export const isEmpty = (thing: Table | Figure) =>
  'spec' in thing ? thing.spec.data.length === 0 : thing.rows.length === 0;
