import { UserError } from '../../../userError';
import { type Engine, literal, outOfMemory } from './engine';
import { type ParquetColumn, type Piece, parquetSql } from './part';

/** The columns of a Parquet file as the cells of a typed header, `NAME:TYPE`; ids are tokens whatever their type. */
export const typedHeader = (columns: readonly ParquetColumn[]): string[] =>
  columns.map(({ name, type }) => `${name}:${typeOf(name, type)}`);

/** The columns of a Parquet file; throws a UserError where it cannot be read as Parquet. */
export async function parquetColumns(engine: Engine, file: string): Promise<ParquetColumn[]> {
  if (/[*?[]/.test(file))
    throw new UserError(`${file}: expected a path without * ? and [, which stand for others`);
  try {
    const columns = await engine.rows(`DESCRIBE SELECT * FROM ${parquetSql(file)}`);
    const names = await ownNames(engine, file);
    return columns.map(([sqlName, type], c) => ({
      name: names[c],
      sqlName: String(sqlName),
      type: String(type),
    }));
  } catch (error) {
    throw notParquet(file, error);
  }
}

/** What a file calls its columns, and not what these hold where they are nested. */
async function ownNames(engine: Engine, file: string): Promise<string[]> {
  const [[, children], ...nodes] = await engine.rows(
    `SELECT name, coalesce(num_children, 0)::DOUBLE FROM parquet_schema(${literal(file)})`,
  );
  const names: string[] = [];
  let at = 0;
  for (let c = 0; c < (children as number); c++) {
    names.push(String(nodes[at][0]));
    for (let below = 1; below > 0; at++) below += (nodes[at][1] as number) - 1;
  }
  return names;
}

/** What to throw where the rows of a piece could not be read: a Parquet file is only found to be damaged then. */
export function unreadable({ label, content }: Piece, error: unknown): unknown {
  const cause = outOfMemory(label, error);
  return 'parquet' in content && cause === error ? notParquet(content.parquet, error) : cause;
}

function notParquet(file: string, error: unknown): UserError {
  return new UserError(`${file}: expected a Parquet file, found ${(error as Error).message.split('\n')[0]}`);
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/;

function typeOf(name: string, type: string): string {
  const isNumber = NUMBERS.test(type) && !name.endsWith('_id');
  return `${isNumber ? 'float' : 'token'}${type.endsWith('[]') ? '_seq' : ''}`;
}
