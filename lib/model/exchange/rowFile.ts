/** Outputs of a model for rows, as JSON lines, NumPy's NPY or Parquet by the ending of the file. Letters: N rows, k numbers of a row. */
import fs from 'node:fs';
import path from 'node:path';
import { ARRAY, DuckDBDataChunk, DuckDBInstance, FLOAT } from '@duckdb/node-api';
import { UserError } from '../../base/userError';
import { type Content, partialOf, toldAs } from '../../base/whole';
import { identifier, literal } from '../../data/reading/sql/engine';
import { numbered } from './sequenceFile';
import { contents, type Making, writeSharded } from './shards';

/** Outputs of rows: an object a line, and k numbers a row where there is such a form. */
export type Given = {
  readonly lines: (from: number, to: number) => Iterable<object>;
  /** `columns`: the names of the k columns of a Parquet file, or one that holds them all. */
  readonly numbers?: {
    readonly width: number;
    readonly columns: string | readonly string[];
    readonly of: (from: number, to: number) => Iterable<Float32Array>;
  };
  /** The columns of a Parquet file made of lines, as DuckDB writes their types. */
  readonly columns?: Readonly<Record<string, string>>;
};

const ENDINGS = ['.jsonl', '.npy', '.parquet'] as const;
const endingOf = (file: string) => path.extname(file) as (typeof ENDINGS)[number];

/** Bytes of float32 numbers. */
const bytesOf = (numbers: Float32Array) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** The header of an NPY file of [N, k] little-endian float32 numbers (NumPy's format, version 1.0). */
function npyHeader(shape: readonly [N: number, k: number]): Buffer {
  const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const before = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]);
  const length = 64 * Math.ceil((before.length + about.length + 1) / 64) - before.length;
  before.writeUInt16LE(length, before.length - 2);
  return Buffer.concat([before, Buffer.from(`${about.padEnd(length - 1)}\n`, 'latin1')]);
}

/** Writes a file by a statement of DuckDB, which `fill` may give tables first. It appears when it is whole. */
async function writeByDuckDB(
  file: string,
  statement: (partial: string) => string,
  fill?: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<void>,
): Promise<void> {
  const partial = partialOf(file);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await fill?.(connection);
    await connection.run(statement(partial));
    fs.renameSync(partial, file);
  } catch (error) {
    const isFull = /No space left|File too large/i.test((error as Error).message);
    throw toldAs(file, isFull ? Object.assign(error as Error, { code: 'ENOSPC' }) : error);
  } finally {
    fs.rmSync(partial, { force: true });
    connection.closeSync();
    instance.closeSync();
  }
}

/** Rows of a chunk: DuckDB takes no more. */
const CHUNK = 2048;

/** States hardly compress: trying it takes longer than writing them. */
const PLAIN = 'FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 20480';

/** A column of arrays of a chunk, by its memory. */
type ArrayVector = { readonly childData: { readonly items: Float32Array }; readonly flush: () => void };

/** Shards of float32 numbers as a Parquet file: the row, and its numbers in one column or in k. */
function parquetOfNumbers(
  file: string,
  shards: readonly string[],
  { width, columns }: NonNullable<Given['numbers']>,
) {
  const selected =
    typeof columns === 'string'
      ? `numbers AS ${identifier(columns)}`
      : columns.map((name, i) => `numbers[${i + 1}] AS ${identifier(name)}`);
  return writeByDuckDB(
    file,
    (partial) => `COPY (SELECT rowid AS row, ${selected} FROM rows) TO ${literal(partial)} (${PLAIN})`,
    async (connection) => {
      await connection.run(`CREATE TABLE rows (numbers FLOAT[${width}])`);
      const appender = await connection.createAppender('rows');
      for (const shard of shards) {
        const bytes = fs.readFileSync(shard);
        const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
        for (let at = 0; at < numbers.length; at += CHUNK * width) {
          const part = numbers.subarray(at, at + CHUNK * width);
          const chunk = DuckDBDataChunk.create([ARRAY(FLOAT, width)], part.length / width);
          const column = chunk.getColumnVector(0) as unknown as ArrayVector;
          column.childData.items.set(part); // straight into its memory
          column.flush();
          appender.appendDataChunk(chunk);
        }
      }
      appender.closeSync();
    },
  );
}

const parquetOfLines = (
  file: string,
  shards: readonly string[],
  columns: Readonly<Record<string, string>>,
) => {
  const types = Object.entries({ row: 'BIGINT', ...columns }).map(
    ([name, type]) => `${identifier(name)}: ${literal(type)}`,
  );
  const read = `read_json([${shards.map(literal)}], format = 'newline_delimited', columns = {${types}})`;
  return writeByDuckDB(
    file,
    (partial) => `COPY (SELECT * FROM ${read} ORDER BY row) TO ${literal(partial)} (FORMAT parquet)`,
  );
};

/** Throws a UserError for a file whose ending cannot hold what is given. */
export function requireFit(file: string, { numbers, columns }: Given): void {
  const fitting = ENDINGS.filter(
    (ending) => ending === '.jsonl' || numbers || (ending === '.parquet' && columns),
  );
  if (!fitting.includes(endingOf(file)))
    throw new UserError(
      `--out ${path.basename(file)}: expected ${fitting.join(' or ')} for what is written here`,
    );
}

/** Writes what is given for each row, in shards. */
export function writeRows(file: string, making: Making, given: Given): Promise<void> {
  requireFit(file, given);
  const { numbers, lines, columns } = given;
  const ending = endingOf(file);
  if (ending !== '.jsonl' && numbers) {
    const together = (from: number, to: number) => [Buffer.concat([...numbers.of(from, to)].map(bytesOf))];
    return writeSharded(file, making, together, (shards) =>
      ending === '.parquet'
        ? parquetOfNumbers(file, shards, numbers)
        : npy([making.rows, numbers.width], shards),
    );
  }
  const text = (from: number, to: number) => numbered(lines(from, to), from);
  return writeSharded(file, making, text, (shards) =>
    ending === '.parquet' && columns ? parquetOfLines(file, shards, columns) : contents(shards),
  );
}

function* npy(shape: readonly [N: number, k: number], shards: readonly string[]): Generator<Content> {
  yield npyHeader(shape);
  yield* contents(shards);
}
