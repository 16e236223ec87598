/** Packs the documents of a run and their rows, seed by seed. */
import fs from 'node:fs';
import { partialOf, writeWhole } from '../../base/whole';
import { type Engine, identifier, literal, openEngine } from '../../data/reading/sql/engine';
import { type InstanceRow, nameIn, type Result } from './document';
import { DOCUMENT_COLUMNS, DOCUMENTS, filesOf, OUTCOMES } from './packedForm';
import { instanceRows } from './results';

/** The rows of a document by instance. */
function* outcomesIn(folder: string, result: Result): Generator<InstanceRow> {
  const { task, method, trunk, training, pretraining, seed } = result;
  const about = { document: nameIn(result), task, method, trunk, training, pretraining, seed };
  for (const row of instanceRows(folder, result)) {
    if ('predicted' in row) yield { ...about, ...row, p: Number(row[`p:${row.label}`]).toFixed(3) };
    else if ('instance' in row) yield { ...about, ...row };
    else yield { ...about, ...row, instance: row.row, user: row.user_id }; // packed before
  }
}

function documentRow(result: Result): object {
  const cells = DOCUMENT_COLUMNS.map((column) => {
    const value = column === 'document' ? nameIn(result) : result[column];
    return [column, value !== undefined && DOCUMENTS[column] === 'JSON' ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(cells);
}

/** Without dictionaries zstandard finds what repeats from training to training. */
const HOW = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, DICTIONARY_SIZE_LIMIT 1';

/** Writes both files of a seed, each whole or not at all, by name and instance: the same documents make the same bytes. */
export async function packSeed(folder: string, seed: number, results: readonly Result[]): Promise<void> {
  const sorted = [...results].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
  const { documents, outcomes } = filesOf(folder, seed);
  const rows = function* () {
    for (const result of sorted) yield* outcomesIn(folder, result);
  };
  const engine = await openEngine(folder);
  try {
    await writeParquet(engine, outcomes, OUTCOMES, rows());
    await writeParquet(engine, documents, DOCUMENTS, sorted.map(documentRow));
  } finally {
    engine.close();
  }
}

/** Writes the columns of rows as a Parquet file. Throws where the SQL engine has read other than all of them. */
async function writeParquet(
  engine: Engine,
  file: string,
  columns: Readonly<Record<string, string>>,
  rows: Iterable<object>,
): Promise<void> {
  const [text, whole] = [`${file}.lines`, partialOf(file)];
  const names = Object.keys(columns);
  let count = 0;
  const lines = function* () {
    for (const row of rows) {
      count++;
      yield `${JSON.stringify(row, names)}\n`;
    }
  };
  const types = names.map((name) => `${literal(name)}: '${columns[name].replace('JSON', 'VARCHAR')}'`);
  const form = `format = 'newline_delimited', maximum_object_size = 100000000, columns = {${types.join(', ')}}`;
  try {
    writeWhole(text, lines());
    const read = `SELECT ${names.map(identifier).join(', ')} FROM read_json(${literal(text)}, ${form})`;
    await engine.run(`COPY (${read}) TO ${literal(whole)} (${HOW})`);
    const [[found]] = await engine.rows(`SELECT count(*)::DOUBLE FROM read_parquet(${literal(whole)})`);
    if (found !== count) throw new Error(`${file}: the SQL engine read ${found} of ${count} rows`);
    fs.renameSync(whole, file);
  } finally {
    for (const left of [text, whole]) fs.rmSync(left, { force: true });
  }
}
