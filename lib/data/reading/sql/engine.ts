import { availableParallelism } from 'node:os';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { UserError } from '../../../base/userError';

/**
 * The embedded SQL engine that scans, checks, groups and sorts the files of a data set. It loads no extension and
 * opens no address; tables larger than its memory spill into the folder it is given.
 */
export type Engine = Awaited<ReturnType<typeof openEngine>>;

const MEMORY = '2 GB';

export async function openEngine(folder: string) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(availableParallelism()),
    memory_limit: MEMORY,
    temp_directory: folder,
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET disabled_filesystems = 'HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem'");
  await connection.run('SET lock_configuration = true');
  return {
    run: async (sql: string) => void (await connection.run(sql)),
    /** The rows of a result that fits in memory. */
    rows: async (sql: string): Promise<readonly (readonly DuckDBValue[])[]> =>
      (await connection.runAndReadAll(sql)).getRows(),
    /** Fills `into` with one column, INTEGER or DOUBLE, of as many rows; without an object per row. */
    numbers: <A extends Int32Array | Float64Array>(sql: string, into: A) => readColumn(connection, sql, into),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readColumn<A extends Int32Array | Float64Array>(
  connection: DuckDBConnection,
  sql: string,
  values: A,
): Promise<A> {
  const result = await connection.stream(sql);
  let read = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const column = chunk.getColumnVector(0) as unknown as { readonly items: A };
    values.set(column.items.subarray(0, chunk.rowCount), read);
    read += chunk.rowCount;
  }
  if (read !== values.length) throw new Error(`expected ${values.length} rows, found ${read}`);
  return values;
}

/** The error to throw for one of the engine: a UserError if memory was too small for what was read. */
export function outOfMemory(label: string, error: unknown): unknown {
  if (!(error instanceof Error && error.message.startsWith('Out of Memory Error'))) return error;
  return new UserError(
    `${label}: expected tables that fit in ${MEMORY} of memory and on the disk, found larger ones`,
  );
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
