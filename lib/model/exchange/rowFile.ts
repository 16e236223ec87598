/** Outputs of a model for rows, as JSON lines, NumPy's NPY or Parquet by the ending of the file. Letters: N rows, k numbers of a row. */
import fs from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
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

/** Columns of JSON lines beside their row, as DuckDB writes their types, and what is selected of them. */
type Columns = { readonly types: Readonly<Record<string, string>>; readonly selected: readonly string[] };

/** Vectors in one column or in one for each of their numbers. */
function columnsOfNumbers({ width, columns }: NonNullable<Given['numbers']>): Columns {
  const selected =
    typeof columns === 'string'
      ? [`numbers AS ${identifier(columns)}`]
      : columns.map((name, i) => `numbers[${i + 1}] AS ${identifier(name)}`);
  return { types: { numbers: `FLOAT[${width}]` }, selected };
}

/** Writes shards of JSON lines as a Parquet file, which appears when it is whole. */
async function writeParquet(
  file: string,
  shards: readonly string[],
  { types, selected }: Columns,
): Promise<void> {
  const columns = Object.entries({ row: 'BIGINT', ...types }).map(
    ([name, type]) => `${identifier(name)}: ${literal(type)}`,
  );
  const read = `read_json([${shards.map(literal)}], format = 'newline_delimited', columns = {${columns}})`;
  const partial = partialOf(file);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT ${['row', ...selected]} FROM ${read} ORDER BY row) TO ${literal(partial)} (FORMAT parquet)`,
    );
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
  if (ending === '.npy' && numbers) {
    const together = (from: number, to: number) => [Buffer.concat([...numbers.of(from, to)].map(bytesOf))];
    return writeSharded(file, making, together, (shards) => npy([making.rows, numbers.width], shards));
  }
  if (ending === '.jsonl')
    return writeSharded(file, making, (from, to) => numbered(lines(from, to), from), contents);
  const types = columns ?? {};
  const table = numbers ? columnsOfNumbers(numbers) : { types, selected: Object.keys(types).map(identifier) };
  const text = (from: number, to: number) =>
    numbered(numbers ? asLines(numbers.of(from, to)) : lines(from, to), from);
  return writeSharded(file, making, text, (shards) => writeParquet(file, shards, table));
}

function* asLines(vectors: Iterable<Float32Array>): Generator<object> {
  for (const vector of vectors) yield { numbers: [...vector] };
}

function* npy(shape: readonly [N: number, k: number], shards: readonly string[]): Generator<Content> {
  yield npyHeader(shape);
  yield* contents(shards);
}
