import { basename } from 'node:path';
import type { UserError } from '../../../userError';
import { type Flaw, flawAt, quoted, widthFlaw } from '../../card/textFile';
import type { Check } from '../formats/layout';
import { linesOf } from '../text/plainText';
import { type Engine, literal } from './engine';
import { type Part, type RawFile, rowsSql } from './part';

/** What becomes of the rows with a flaw: a message that names the first, or a count for each reason. */

/** What a column of ids has to be whose rows describe a user or an item. */
export const EACH_ONCE = 'each id once';

/** Marks the rows that a query names as failing a check; `refuse` then deals with them. */
export async function mark(engine: Engine, part: Part, check: Check, rows: string): Promise<void> {
  part.checks.push(check);
  await engine.run(`UPDATE ${part.name} SET flaw = ${part.checks.length} WHERE rowid IN (${rows})`);
}

/** Throws at the first row with a flaw, or counts all of them by reason: they stay out of everything. */
export async function refuse(engine: Engine, part: Part): Promise<void> {
  const flaws = await engine.rows(
    `SELECT flaw, count(*)::DOUBLE, min(rowid)::DOUBLE FROM ${part.name} WHERE flaw IS NOT NULL GROUP BY flaw ORDER BY 3`,
  );
  if (flaws.length > 0 && part.onBadRow === 'error') throw await firstFlaw(engine, part, flaws[0]);
  const counts = new Map<string, number>();
  for (const [code, count] of flaws) {
    const { column, expected } = flawOf(part, code as number, []);
    const why = `column ${column}: expected ${expected}`;
    counts.set(why, (counts.get(why) ?? 0) + (count as number));
  }
  const what = `rows of ${basename(part.label)}`;
  part.dropped.splice(0, part.dropped.length, ...[...counts].map(([why, count]) => ({ what, why, count })));
}

async function firstFlaw(engine: Engine, part: Part, [code, , row]: readonly unknown[]): Promise<UserError> {
  const cells = await cellsOf(engine, part, row as number);
  const flaw = flawOf(part, code as number, cells);
  const line = (row as number) + part.layout.headerLines + 1;
  if (flaw.expected !== EACH_ONCE) return flawAt(part.label, line, flaw);
  const earlier = `SELECT min(rowid)::DOUBLE FROM ${part.name} WHERE ${flaw.column} = ${literal(cells[columnOf(part, flaw.column)])}`;
  const [[first]] = await engine.rows(earlier);
  const firstLine = (first as number) + part.layout.headerLines + 1;
  return flawAt(part.label, line, { ...flaw, found: `${flaw.found} again (first on line ${firstLine})` });
}

function columnOf({ layout }: RawFile, column: string): number {
  return layout.fields.findIndex(({ name }) => name === column);
}

function flawOf(part: Part, code: number, cells: readonly string[]): Flaw {
  const { layout, checks } = part;
  if (code < 0) {
    const names = layout.fields.map(({ name }) => name);
    return widthFlaw(new Array<string>(-code).fill(''), names, layout.cells) as Flaw;
  }
  const { column, expected } = checks[code - 1];
  const shown = cells[columnOf(part, column)]?.replaceAll(layout.separator, ' ');
  return { column, expected, found: quoted(shown) };
}

async function cellsOf(engine: Engine, part: RawFile, row: number): Promise<readonly string[]> {
  const { content, layout } = part;
  if ('parquet' in content) {
    const [[cells]] = await engine.rows(`SELECT cells FROM ${rowsSql(part)} LIMIT 1 OFFSET ${row}`);
    return (cells as unknown as { readonly items: readonly string[] }).items;
  }
  let line = 0;
  for await (const text of linesOf(content.path)) {
    if (line++ === row + layout.headerLines) return text.split(layout.delimiter);
  }
  throw new Error(`${content.path} has no row ${row}`);
}

/** Throws a UserError where no sound row is left. */
export async function requireRows(engine: Engine, { name, label, layout }: Part): Promise<void> {
  const [[sound]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${name} WHERE flaw IS NULL`);
  if (sound !== 0) return;
  const [{ name: column }] = layout.fields;
  throw flawAt(label, layout.headerLines + 1, { column, expected: 'at least one row', found: 'none' });
}
