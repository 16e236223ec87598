import { basename } from 'node:path';
import type { DuckDBListValue } from '@duckdb/node-api';
import { type Flaw, flawAt, quoted, widthFlaw } from '../../card/textFile';
import { type Check, headingOf, placeOf } from '../formats/layout';
import { lineOf, type PlainText } from '../text/plainText';
import type { Engine } from './engine';
import { linesSql, type Part, rowsSql, textOf } from './part';

/** Marks the rows that a query names as failing a check; `refuse` then deals with them. */
export async function mark(engine: Engine, part: Part, check: Check, rows: string): Promise<void> {
  part.checks.push(check);
  await engine.run(`UPDATE ${part.name} SET flaw = ${part.checks.length} WHERE rowid IN (${rows})`);
}

/** Throws a UserError at the first row with a flaw, or counts them by reason and drops them. */
export async function refuse(engine: Engine, part: Part): Promise<void> {
  const flaws = await engine.rows(
    `SELECT flaw, count(*)::DOUBLE, min(rowid)::DOUBLE FROM ${part.name} WHERE flaw IS NOT NULL GROUP BY flaw ORDER BY 3`,
  );
  if (flaws.length > 0 && part.onBadRow === 'error') {
    const [code, , row] = flaws[0] as number[];
    const { piece, line } = rowAt(part, row);
    throw flawAt(piece.label, line, flawOf(part, code, await cellsOf(engine, part, row)));
  }
  const counts = new Map<string, number>();
  for (const [code, count] of flaws as number[][]) {
    const { column, expected } = flawOf(part, code, []);
    const why = `column ${column}: expected ${expected}`;
    counts.set(why, (counts.get(why) ?? 0) + count);
  }
  const what = `rows of ${basename(part.label)}`;
  part.dropped.splice(0, part.dropped.length, ...[...counts].map(([why, count]) => ({ what, why, count })));
}

/** The piece that a row of the table stands in, its place among the rows there, and its line. */
export function rowAt({ pieces, rows, layout }: Part, row: number) {
  let at = row;
  let p = 0;
  while (at >= rows[p]) at -= rows[p++];
  const piece = pieces[p];
  const text = textOf(piece);
  return { piece, at, line: text ? lineOf(text, at + layout.headerLines) : at + 1 };
}

function flawOf({ layout, checks }: Part, code: number, cells: readonly string[]): Flaw {
  if (code < 0) {
    const names = layout.fields.map(({ name, heading = name }) => heading);
    return widthFlaw(new Array<string>(-code).fill(''), names, layout.cells) as Flaw;
  }
  const { column, expected } = checks[code - 1];
  const shown = cells[Math.max(0, placeOf(layout, column))]?.replaceAll(layout.separator, ' ');
  return { column: headingOf(layout, column), expected, found: quoted(shown) };
}

/** The cells of a row as they are; the whole line where it is no JSON object. */
async function cellsOf(engine: Engine, part: Part, row: number): Promise<readonly string[]> {
  const { piece, at } = rowAt(part, row);
  const only = `LIMIT 1 OFFSET ${at}`;
  const [[cells]] = await engine.rows(`SELECT cells FROM ${rowsSql(piece, part.layout)} ${only}`);
  if (cells !== null) return (cells as DuckDBListValue).items.map(String);
  const [line] = await engine.rows(`SELECT line FROM ${linesSql(textOf(piece) as PlainText)} ${only}`);
  return line.map(String);
}

/** Throws a UserError where no row without a flaw meets a condition (SQL). */
export async function requireRows(engine: Engine, part: Part, condition = 'true'): Promise<void> {
  const { name: table, label, layout } = part;
  const sound = `SELECT count(*)::DOUBLE FROM ${table} WHERE flaw IS NULL AND (${condition})`;
  const [[count]] = await engine.rows(sound);
  if (count !== 0) return;
  const [{ name, heading: column = name }] = layout.fields;
  const expected = condition === 'true' ? 'at least one row' : `at least one row with ${condition}`;
  throw flawAt(label, layout.headerLines + 1, { column, expected, found: 'none' });
}
