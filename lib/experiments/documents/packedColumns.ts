/** Reads the Parquet files that standard input names and writes their columns to standard output, as V8 serializes them. */
import { text } from 'node:stream/consumers';
import { serialize } from 'node:v8';
import { literal, openEngine } from '../../data/reading/sql/engine';
import { DOCUMENT_COLUMNS, MEASURES, type Measure } from './packedForm';

/** Of a seed. */
type Files = { readonly documents: string; readonly outcomes: string };

/** Rows of the documents, texts or numbers in the order of DOCUMENT_COLUMNS; where the outcomes of each end; and their numbers. */
export type Columns = {
  readonly documents: readonly (readonly (string | number | null)[])[];
  readonly counts: readonly (readonly [document: string, count: number])[];
  /** NaN where there is none. */
  readonly numbers: Readonly<Record<Measure, Float32Array>>;
};

async function columnsOf({ documents, outcomes }: Files): Promise<Columns> {
  const engine = await openEngine('.');
  try {
    const [own, rows] = [documents, outcomes].map((file) => `read_parquet(${literal(file)})`);
    const names = DOCUMENT_COLUMNS.map((name) => `"${name}"`).join(', ');
    const found = await engine.rows(`SELECT ${names} FROM ${own}`);
    const counts = await engine.rows(
      `SELECT document, count(*)::DOUBLE FROM ${rows} GROUP BY document ORDER BY document`,
    );
    const total = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    const numbers: [string, Float32Array][] = [];
    for (const name of MEASURES) {
      const sql = `SELECT coalesce("${name}"::DOUBLE, 'NaN'::DOUBLE) FROM ${rows}`;
      numbers.push([name, Float32Array.from(await engine.numbers(sql, new Float64Array(total)))]);
    }
    return { documents: found, counts, numbers: Object.fromEntries(numbers) } as Columns;
  } finally {
    engine.close();
  }
}

if (process.argv[1] === __filename)
  void text(process.stdin).then(async (files) => {
    process.stdout.write(serialize(await columnsOf(JSON.parse(files) as Files)));
  });
