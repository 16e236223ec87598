/** Packs the documents of a run and their rows, seed by seed. */
import fs from 'node:fs';
import path from 'node:path';
import { permutation, random } from '../../base/random';
import { checksumOf } from '../../base/sealed';
import { partialOf, writeWhole } from '../../base/whole';
import type { Histories } from '../../data/loading/histories';
import { identifier, literal, openEngine } from '../../data/reading/sql/engine';
import type { Task } from '../../data/tasks/tasks';
import { type InstanceRow, nameIn, type Result } from './document';
import { DOCUMENT_COLUMNS, DOCUMENTS, filesOf, MEASURES, OUTCOMES } from './packedForm';
import { instanceRows } from './results';

/** Numbers of users and instances in a set. */
export type Numbers = {
  readonly user: (id: string) => number;
  readonly instance: (task: string, row: number) => number;
};

/**
 * Numbers that are shuffled by the content of the data: every packing finds the same, and nobody leads them back to a user without
 * having the data.
 */
export function shuffledNumbers({ users, items, itemAt }: Histories, tasks: readonly Task[]): Numbers {
  const content = checksumOf(`${JSON.stringify([users, items])}${checksumOf(itemAt)}`);
  const order = permutation(users.length, random(0, 'users', content));
  const numbers = new Map(users.map((id, i) => [id, order[i]]));
  const orders = new Map(
    tasks.map(({ name, instances }) => [name, permutation(instances.length, random(0, name, content))]),
  );
  return {
    user: (id) => numbers.get(id) as number,
    instance: (task, row) => (orders.get(task) as number[])[row],
  };
}

/** The numbers of a row beside a document, in the order of MEASURES. */
function measuresOf({ task }: Result, row: InstanceRow, numbers: Numbers): readonly (string | number)[] {
  const user = numbers.user(String(row.user_id));
  const isOfTrunk = 'popularity_rank' in row;
  const own: InstanceRow = {
    ...row,
    user,
    instance: isOfTrunk ? user : numbers.instance(task, Number(row.row)),
    ...('predicted' in row ? { p: Number(row[`p:${row.label}`]).toFixed(3) } : {}),
  };
  return MEASURES.map((name) => own[name] ?? '');
}

/** The rows of a document by instance, lines of tab-separated values. */
function* linesOf(folder: string, result: Result, numbers: Numbers | undefined): Generator<string> {
  const { task, method, trunk, seed } = result;
  const about = [nameIn(result), task, method, trunk, seed];
  const rows = instanceRows(folder, result).map((row) =>
    numbers ? measuresOf(result, row, numbers) : MEASURES.map((name) => row[PACKED[name] ?? name] ?? ''),
  );
  for (const row of rows.sort(([a], [b]) => Number(a) - Number(b)))
    yield `${[...about, ...row].join('\t')}\n`;
}

/** Names of the columns of rows that were packed before. */
const PACKED: Readonly<Record<string, string>> = { instance: 'row', user: 'user_id' };

const cellOf = (result: Result, column: keyof typeof DOCUMENTS): unknown => {
  if (column === 'document') return nameIn(result);
  const value = result[column];
  return value !== undefined && DOCUMENTS[column] === 'JSON' ? JSON.stringify(value) : value;
};

const lineOf = (result: Result): string =>
  `${JSON.stringify(Object.fromEntries(DOCUMENT_COLUMNS.map((column) => [column, cellOf(result, column)])))}\n`;

/** Without dictionaries zstandard finds what repeats from training to training. */
const HOW = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, DICTIONARY_SIZE_LIMIT 1';

/**
 * Writes both files of a seed, each whole or not at all. `isPacked` says of which documents the rows have their numbers already. The
 * order is by name and instance: the same documents make the same bytes.
 */
export async function packSeed(
  folder: string,
  seed: number,
  results: readonly Result[],
  { numbers, isPacked }: { readonly numbers: Numbers; readonly isPacked: (result: Result) => boolean },
): Promise<void> {
  const sorted = [...results].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
  const { documents, outcomes } = filesOf(folder, seed);
  const lines = function* () {
    for (const result of sorted) yield* linesOf(folder, result, isPacked(result) ? undefined : numbers);
  };
  const typesOf = (columns: Readonly<Record<string, string>>) =>
    Object.entries(columns).map(
      ([name, type]) => `${literal(name)}: '${type === 'JSON' ? 'VARCHAR' : type}'`,
    );
  const csv = `delim = '\\t', header = false, quote = '', escape = '', columns = {${typesOf(OUTCOMES).join(', ')}}`;
  const json = `format = 'newline_delimited', maximum_object_size = 100000000, columns = {${typesOf(DOCUMENTS).join(', ')}}`;
  const engine = await openEngine(path.dirname(documents));
  try {
    await copied(outcomes, lines(), (file) => `read_csv(${literal(file)}, ${csv})`);
    await copied(documents, sorted.map(lineOf), (file) => `read_json(${literal(file)}, ${json})`);
  } finally {
    engine.close();
  }

  /** Writes lines as a Parquet file. Throws where the SQL engine has read other than all of them. */
  async function copied(file: string, content: Iterable<string>, read: (file: string) => string) {
    const [text, whole] = [`${file}.lines`, partialOf(file)];
    let count = 0;
    const counting = function* () {
      for (const line of content) {
        count++;
        yield line;
      }
    };
    try {
      writeWhole(text, counting());
      const columns = file === outcomes ? OUTCOMES : DOCUMENTS;
      const named = Object.keys(columns).map(identifier).join(', ');
      await engine.run(`COPY (SELECT ${named} FROM ${read(text)}) TO ${literal(whole)} (${HOW})`);
      const [[found]] = await engine.rows(`SELECT count(*)::DOUBLE FROM read_parquet(${literal(whole)})`);
      if (found !== count) throw new Error(`${file}: the SQL engine read ${found} of ${count} rows`);
      fs.renameSync(whole, file);
    } finally {
      for (const left of [text, whole]) fs.rmSync(left, { force: true });
    }
  }
}
