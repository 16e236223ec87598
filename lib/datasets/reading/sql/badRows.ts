import { basename } from 'node:path';
import type { UserError } from '../../../userError';
import { type Flaw, flawAt, quoted, widthFlaw } from '../../card/textFile';
import { type Check, headingOf, placeOf } from '../formats/layout';
import { lineOf, linesOf, type PlainText } from '../text/plainText';
import { LINE_BREAK } from '../text/rows';
import { type Engine, literal } from './engine';
import { type Part, type Piece, rowsSql, textOf } from './part';

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
  const { piece, line } = rowAt(part, row as number);
  const cells = await cellsOf(engine, part, row as number);
  const flaw = flawOf(part, code as number, cells);
  if (flaw.expected !== EACH_ONCE) return flawAt(piece.label, line, flaw);
  const { column } = part.checks[(code as number) - 1];
  const earlier = `SELECT min(rowid)::DOUBLE FROM ${part.name} WHERE ${column} = ${literal(cells[placeOf(part.layout, column)])}`;
  const [[first]] = await engine.rows(earlier);
  const there = rowAt(part, first as number);
  const where = `line ${there.line}${there.piece === piece ? '' : ` of ${basename(there.piece.label)}`}`;
  return flawAt(piece.label, line, { ...flaw, found: `${flaw.found} again (first on ${where})` });
}

/** Where a row of the table stands: its piece, its place among the rows there, and its line. */
export function rowAt(
  { pieces, rows, layout }: Part,
  row: number,
): { piece: Piece; at: number; line: number } {
  let at = row;
  let p = 0;
  while (at >= rows[p]) at -= rows[p++];
  const piece = pieces[p];
  const text = textOf(piece);
  return { piece, at, line: text ? lineOf(text, at + layout.headerLines) : at + 1 };
}

function flawOf(part: Part, code: number, cells: readonly string[]): Flaw {
  const { layout, checks } = part;
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
  const { layout } = part;
  const { piece, at } = rowAt(part, row);
  const { content } = piece;
  const text = textOf(piece);
  if (!('path' in content)) {
    const [[cells]] = await engine.rows(`SELECT cells FROM ${rowsSql(piece, layout)} LIMIT 1 OFFSET ${at}`);
    if (cells !== null) return (cells as unknown as { readonly items: readonly string[] }).items;
  }
  const line = await lineAt((text as PlainText).path, at + layout.headerLines);
  return line.replaceAll(LINE_BREAK, '\n').split(layout.delimiter);
}

async function lineAt(path: string, at: number): Promise<string> {
  let line = 0;
  for await (const text of linesOf(path)) if (line++ === at) return text;
  throw new Error(`${path} has no line ${at}`);
}

/** Throws a UserError where no sound row is left. */
export async function requireRows(engine: Engine, { name: table, label, layout }: Part): Promise<void> {
  const [[sound]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${table} WHERE flaw IS NULL`);
  if (sound !== 0) return;
  const [{ name, heading: column = name }] = layout.fields;
  throw flawAt(label, layout.headerLines + 1, { column, expected: 'at least one row', found: 'none' });
}
