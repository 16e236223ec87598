import { basename } from 'node:path';
import type { DuckDBListValue } from '@duckdb/node-api';
import { type Flaw, flawAt, quoted, widthFlaw } from '../../card/textFile';
import { type Check, checksOf, columnName, headingOf, isRole, placeOf, valueSql } from '../formats/layout';
import { lineOf, type PlainText } from '../text/plainText';
import { WHOLE_QUOTES } from '../text/rows';
import type { Engine } from './engine';
import { linesSql, type Part, type Piece, type RawFile, rowsSql, textOf, unreadable } from './part';

/** Checks of a whole line, of JSON and of quoted text: `cells` is NULL where it fails. */
const OBJECT: Check = { column: '1', expected: 'a JSON object', bad: 'cells IS NULL' };
const QUOTES: Check = { ...OBJECT, expected: WHOLE_QUOTES };

/**
 * Puts the rows of a file into a table, all fields or the roles and those to `keep`. Counts bad rows, or throws a UserError at the
 * first.
 */
export async function ingest(
  engine: Engine,
  name: string,
  file: RawFile,
  { keep, unique }: { readonly keep?: readonly string[]; readonly unique?: string },
): Promise<Part> {
  const texts = file.pieces.flatMap((piece) => textOf(piece) ?? []);
  const hasBreaks = texts.some(({ breaks }) => breaks.length > 0);
  const checks = [
    ...(file.pieces.some(({ content }) => 'jsonLines' in content) ? [OBJECT] : []),
    ...(texts.some(({ bad }) => bad > 0) ? [QUOTES] : []),
    ...checksOf(file.layout, hasBreaks),
  ];
  const rows: number[] = [];
  const part: Part = { ...file, name, rows, checks, dropped: [] };
  for (const piece of file.pieces) rows.push(await addPiece(engine, part, piece, keep));
  if (unique !== undefined) await markRepeated(engine, part, unique);
  await refuse(engine, part);
  await requireRows(engine, part);
  return part;
}

/** Puts the rows of a piece behind those of the pieces before it; returns how many they are. */
async function addPiece(engine: Engine, part: Part, piece: Piece, keep?: readonly string[]): Promise<number> {
  const { layout, name, rows } = part;
  const before = rows.reduce((sum, count) => sum + count, 0);
  const into = rows.length === 0 ? `CREATE TABLE ${name} AS` : `INSERT INTO ${name}`;
  await engine.run(`${into} ${selection(part, piece, keep)}`).catch((error: unknown) => {
    throw unreadable(piece, error);
  });
  const [[all]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${name}`);
  const added = (all as number) - before;
  const text = textOf(piece);
  if (text && added !== text.lines - layout.headerLines)
    throw new Error(
      `${piece.label}: the SQL engine read ${added} of ${text.lines - layout.headerLines} rows`,
    );
  return added;
}

/** SQL of the kept fields of a piece's rows and of the first check that each fails. */
function selection({ layout, checks }: Part, piece: Piece, keep?: readonly string[]): string {
  const columns = layout.fields.flatMap((field, c) => {
    if (keep !== undefined && !isRole(field) && !keep.includes(field.name)) return [];
    return [`${valueSql(field, c)} AS ${columnName(field, c)}`];
  });
  const failing = checks.map(({ bad }, i) => `WHEN ${bad} THEN ${i + 1}`).join(' ');
  const flaw = `CASE WHEN len(cells) <> ${layout.fields.length} THEN -len(cells) ${failing} END::INTEGER AS flaw`;
  return `SELECT ${[...columns, flaw].join(', ')} FROM ${rowsSql(piece, layout)}`;
}

async function markRepeated(engine: Engine, part: Part, unique: string): Promise<void> {
  const first = `min(rowid) OVER (PARTITION BY ${unique})`;
  const rows = `SELECT rowid AS row, ${first} AS first FROM ${part.name} WHERE flaw IS NULL`;
  await mark(
    engine,
    part,
    { column: unique, expected: 'each id once' },
    `SELECT row FROM (${rows}) WHERE row <> first`,
  );
}

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
  const { name: table, label, layout, dropped } = part;
  const sound = `SELECT count(*)::DOUBLE FROM ${table} WHERE flaw IS NULL AND (${condition})`;
  const [[count]] = await engine.rows(sound);
  if (count !== 0) return;
  const [{ name, heading: column = name }] = layout.fields;
  const expected = condition === 'true' ? 'at least one row' : `at least one row with ${condition}`;
  const [why] = dropped.map((each) => `: ${each.count} dropped, ${each.why}`);
  throw flawAt(label, layout.headerLines + 1, { column, expected, found: `none${why ?? ''}` });
}
