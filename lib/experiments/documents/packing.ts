/** Packs the documents of a run and their rows, seed by seed. */
import fs from 'node:fs';
import path from 'node:path';
import { partialOf, writeWhole } from '../../base/whole';
import { identifier, literal, openEngine } from '../../data/reading/sql/engine';
import { type InstanceRow, nameIn, type Result } from './document';
import { DOCUMENT_COLUMNS, DOCUMENTS, filesOf, MEASURES, OUTCOMES } from './packedForm';
import { instanceRows } from './results';

/** The rows of a document by instance, lines of tab-separated values. */
function* linesOf(folder: string, result: Result): Generator<string> {
  const { task, method, trunk, seed } = result;
  const about = [nameIn(result), task, method, trunk, seed];
  for (const row of instanceRows(folder, result)) {
    const own: InstanceRow =
      'predicted' in row
        ? { ...row, p: Number(row[`p:${row.label}`]).toFixed(3) }
        : 'instance' in row
          ? row
          : { ...row, instance: row.row, user: row.user_id }; // packed before
    yield `${[...about, ...MEASURES.map((name) => own[name] ?? '')].join('\t')}\n`;
  }
}

const cellOf = (result: Result, column: keyof typeof DOCUMENTS): unknown => {
  if (column === 'document') return nameIn(result);
  const value = result[column];
  return value !== undefined && DOCUMENTS[column] === 'JSON' ? JSON.stringify(value) : value;
};

const lineOf = (result: Result): string =>
  `${JSON.stringify(Object.fromEntries(DOCUMENT_COLUMNS.map((column) => [column, cellOf(result, column)])))}\n`;

/** Without dictionaries zstandard finds what repeats from training to training. */
const HOW = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, DICTIONARY_SIZE_LIMIT 1';

/** Writes both files of a seed, each whole or not at all, by name and instance: the same documents make the same bytes. */
export async function packSeed(folder: string, seed: number, results: readonly Result[]): Promise<void> {
  const sorted = [...results].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
  const { documents, outcomes } = filesOf(folder, seed);
  const lines = function* () {
    for (const result of sorted) yield* linesOf(folder, result);
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
