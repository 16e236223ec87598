import {
  ALL_DIGITS,
  type Check,
  checksOf,
  columnName,
  finerSql,
  isRole,
  type Layout,
  valueSql,
  withFineTimes,
} from '../formats/layout';
import { WHOLE_QUOTES } from '../text/rows';
import { EACH_ONCE, mark, refuse, requireRows } from './badRows';
import { type Engine, literal } from './engine';
import { unreadable } from './parquet';
import { type Part, type Piece, type RawFile, rowsSql, textOf } from './part';

/** What a line has to be of which there are cells. */
const OBJECT: Check = { column: '1', expected: 'a JSON object', bad: 'cells IS NULL' };
const QUOTES: Check = { ...OBJECT, expected: WHOLE_QUOTES };

/**
 * Puts the rows of a file into a table, all fields or the roles and those to `keep`; throws a UserError at the first bad row, or
 * counts bad rows.
 */
export async function ingest(
  engine: Engine,
  name: string,
  file: RawFile,
  { keep, unique }: { readonly keep?: readonly string[]; readonly unique?: string },
): Promise<Part> {
  const read = await tableOfRows(engine, name, file, keep);
  const part = (await hasFineTimes(engine, read))
    ? await tableOfRows(engine, name, { ...file, layout: withFineTimes(file.layout) }, keep)
    : read;
  if (unique !== undefined) await markRepeated(engine, part, unique);
  await refuse(engine, part);
  await requireRows(engine, part);
  return part;
}

async function tableOfRows(
  engine: Engine,
  name: string,
  file: RawFile,
  keep?: readonly string[],
): Promise<Part> {
  await engine.run(`DROP TABLE IF EXISTS ${name}`);
  const texts = file.pieces.flatMap((piece) => textOf(piece) ?? []);
  const checks = [
    ...(file.pieces.some(({ content }) => 'jsonLines' in content) ? [OBJECT] : []),
    ...(texts.some(({ bad }) => bad > 0) ? [QUOTES] : []),
    ...checksOf(
      file.layout,
      texts.some(({ breaks }) => breaks.length > 0),
    ),
    ...headerAgain(file.layout),
  ];
  const rows: number[] = [];
  const part: Part = { ...file, name, rows, checks, dropped: [] };
  for (const piece of file.pieces) rows.push(await addPiece(engine, part, piece, keep));
  return part;
}

/** What no row may be: the header once more, of a file that was put behind another. */
function headerAgain({ fields, headerLines }: Layout): Check[] {
  const headings = fields.flatMap(({ heading }) => (heading === undefined ? [] : [literal(heading)]));
  if (headerLines === 0 || headings.length < Math.max(2, fields.length)) return [];
  const expected = 'a row, and not the header again';
  return [{ column: columnName(fields[0], 0), expected, bad: `cells = [${headings.join(', ')}]` }];
}

/** Whether a time has digits that a DOUBLE leaves out. */
async function hasFineTimes(engine: Engine, { name, checks }: Part): Promise<boolean> {
  const code = 1 + checks.findIndex(({ expected }) => expected === ALL_DIGITS);
  if (code === 0) return false;
  const [[rows]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${name} WHERE flaw = ${code}`);
  return rows !== 0;
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
  const expected = linesOfRows(piece, layout.headerLines);
  if (expected !== undefined && added !== expected)
    throw new Error(`${piece.label}: the SQL engine read ${added} of ${expected} rows`);
  return added;
}

function linesOfRows(piece: Piece, headerLines: number): number | undefined {
  const text = textOf(piece);
  return text && text.lines - headerLines;
}

/** SQL of the kept fields of a piece's rows and of the first check that each fails. */
function selection({ layout, checks }: Part, piece: Piece, keep?: readonly string[]): string {
  const columns = layout.fields.flatMap((field, c) => {
    if (keep !== undefined && !isRole(field) && !keep.includes(field.name)) return [];
    const finer = finerSql(field, c);
    return [
      `${valueSql(field, c)} AS ${columnName(field, c)}`,
      ...(finer === undefined ? [] : [`${finer} AS finer`]),
    ];
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
    { column: unique, expected: EACH_ONCE },
    `SELECT row FROM (${rows}) WHERE row <> first`,
  );
}
