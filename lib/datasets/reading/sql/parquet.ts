import { UserError } from '../../../userError';
import { type Engine, outOfMemory } from './engine';
import { type Piece, parquetSql } from './part';

/** The columns of a Parquet file as the cells of a typed header, `NAME:TYPE`; ids are tokens whatever their type. */
export async function parquetHeader(engine: Engine, file: string): Promise<string[]> {
  return (await parquetColumns(engine, file)).map(({ name, type }) => `${name}:${typeOf(name, type)}`);
}

/** The columns of a Parquet file with DuckDB's types; throws a UserError where it cannot be read as Parquet. */
export async function parquetColumns(
  engine: Engine,
  file: string,
): Promise<{ readonly name: string; readonly type: string }[]> {
  if (/[*?[]/.test(file))
    throw new UserError(`${file}: expected a path without * ? and [, which stand for others`);
  try {
    const columns = await engine.rows(`DESCRIBE SELECT * FROM ${parquetSql(file)}`);
    return columns.map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw notParquet(file, error);
  }
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
