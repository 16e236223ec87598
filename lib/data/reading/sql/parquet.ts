import { UserError } from '../../../base/userError';
import { type Engine, outOfMemory } from './engine';
import { type ParquetColumn, type Piece, parquetSql } from './part';

/** The columns of a Parquet file. Throws a UserError where it is damaged or another kind of file. */
export async function parquetColumns(engine: Engine, file: string): Promise<ParquetColumn[]> {
  if (/[*?[]/.test(file))
    throw new UserError(`${file}: expected a path without * ? and [, which are patterns`);
  try {
    const columns = await engine.rows(`DESCRIBE SELECT * FROM ${parquetSql(file)}`);
    return columns.map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw notParquet(file, error);
  }
}

/** The error to throw where rows of a piece could not be read: some damage of Parquet files is only found then. */
export function unreadable({ label, content }: Piece, error: unknown): unknown {
  const cause = outOfMemory(label, error);
  return 'parquet' in content && cause === error ? notParquet(content.parquet, error) : cause;
}

function notParquet(file: string, error: unknown): UserError {
  return new UserError(`${file}: expected a Parquet file, found ${(error as Error).message.split('\n')[0]}`);
}
