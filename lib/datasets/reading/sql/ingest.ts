import { checksOf, columnName, valueSql } from '../formats/layout';
import { EACH_ONCE, mark, refuse, requireRows } from './badRows';
import type { Engine } from './engine';
import { notParquet } from './parquet';
import { type Part, type RawFile, rowsSql } from './part';

/** Puts the rows of a file into a table; throws a UserError at the first bad row, or counts bad rows. */
export async function ingest(
  engine: Engine,
  name: string,
  file: RawFile,
  options: { readonly keep?: readonly string[]; readonly unique?: string },
): Promise<Part> {
  const part: Part = { ...file, name, checks: checksOf(file.layout), dropped: [] };
  await createTable(engine, part, options.keep);
  if (options.unique !== undefined) await markRepeated(engine, part, options.unique);
  await refuse(engine, part);
  await requireRows(engine, part);
  return part;
}

async function createTable(engine: Engine, part: Part, keep?: readonly string[]): Promise<void> {
  const { layout, checks, name, content } = part;
  const columns = layout.fields.flatMap((field, c) =>
    keep === undefined || keep.includes(field.name)
      ? [`${valueSql(field.type, c)} AS ${columnName(field, c)}`]
      : [],
  );
  const failing = checks.map(({ bad }, i) => `WHEN ${bad} THEN ${i + 1}`).join(' ');
  const flaw = `CASE WHEN len(cells) <> ${layout.fields.length} THEN -len(cells) ${failing} END::INTEGER AS flaw`;
  const table = `CREATE TABLE ${name} AS SELECT ${[...columns, flaw].join(', ')} FROM ${rowsSql(part)}`;
  if ('parquet' in content) {
    return engine.run(table).catch((error: unknown) => {
      throw notParquet(content.parquet, error);
    });
  }
  await engine.run(table);
  const [[rows]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${name}`);
  if (rows !== content.lines - layout.headerLines) {
    throw new Error(`${part.label}: the SQL engine read ${rows} rows of ${content.lines} lines`);
  }
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
