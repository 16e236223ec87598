import { UserError } from '../../../userError';
import { type Engine, outOfMemory } from './engine';
import { type ParquetColumn, type Piece, parquetSql } from './part';

/** The columns of a Parquet file; throws a UserError where it cannot be read as Parquet. */
export async function parquetColumns(engine: Engine, file: string): Promise<ParquetColumn[]> {
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
