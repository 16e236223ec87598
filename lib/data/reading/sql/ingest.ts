import { type Check, checksOf, columnName, isRole, valueSql } from '../formats/layout';
import { WHOLE_QUOTES } from '../text/rows';
import { mark, refuse, requireRows } from './badRows';
import type { Engine } from './engine';
import { type Part, type Piece, type RawFile, rowsSql, textOf, unreadable } from './part';

/** What a line has to be of which there are cells. */
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
