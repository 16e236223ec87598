/** Runs the notebook of a research question on a tiny data set, as `reproduce` does, and tests what all of them leave. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { parse } from 'papaparse';
import { literal, openEngine } from '../../lib/data/reading/sql/engine';
import { methodOf, type Result } from '../../lib/experiments/documents/document';
import { instanceRows } from '../../lib/experiments/documents/results';
import type { Planned } from '../../lib/experiments/methods/experiment';
import { identityOf } from '../../lib/experiments/methods/identity';
import { resolve, stemIn } from '../../lib/experiments/resolve/resolve';
import { openWorkbench } from '../../lib/experiments/workbench/workbench';
import { inProject } from '../../lib/setup/tools/project';
import { main } from '../cli/command';
import { folderWith } from '../data/folders';
import { assertOthersAgree } from '../report/others';
import { complaints, readable, readNotebook, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

export interface Question {
  readonly name: `rq${number}`;
  /** What it asks. */
  readonly answer: string;
  /** File stems. */
  readonly tables: readonly string[];
  readonly figures: readonly string[];
  /** Its tables of results, by file stem: how many methods each has on a task. */
  readonly results: Readonly<Record<string, Readonly<Partial<Record<Column, number>>>>>;
  /** The identity of what a table calls otherwise than its document does. */
  readonly called?: Readonly<Record<string, string>>;
}

/** Columns of tables, and whether a row of the TSV is a hit; its metric is the share of hits. */
const hits = {
  'ColdRec-1 HR@5': ({ rank }: Row) => Number(rank) <= 5,
  'GenEst Acc': ({ predicted, label }: Row) => predicted === label,
};

type Column = keyof typeof hits;
type Row = Readonly<Record<string, string | number>>;

const PLOTLY = 'application/vnd.plotly.v1+json';

/** Changes the result of the first instance of a packed seed. */
async function flipOutcome(file: string): Promise<void> {
  const engine = await openEngine('.');
  const [changed, rows] = [`${file}.new`, `read_parquet(${literal(file)})`];
  const own = `FROM ${rows} WHERE rank IS NOT NULL AND popularity_rank IS NULL`;
  const first = `(document, instance) = (SELECT (max(document), arg_max(instance, document)) ${own})`;
  const flip = `SELECT * REPLACE (CASE WHEN ${first} THEN CASE rank WHEN 1 THEN 90 ELSE 1 END ELSE rank END AS rank) FROM ${rows}`;
  await engine.run(`COPY (${flip}) TO ${literal(changed)} (FORMAT parquet)`);
  engine.close();
  fs.renameSync(changed, file);
}

/** Runs the notebook once before the tests of a file and registers those that every question has to pass. */
export function testQuestion(question: Question) {
  const { name, answer, tables, figures, results, called = {} } = question;
  const folder = folderWith({});
  const [data, out] = [path.join(folder, 'data'), path.join(folder, 'out')];
  const options = ['--rq', name, '--data', data, '--preset', 'quick', '--seeds', '1', '--out', out];
  const reproduce = () =>
    spawnSync(process.execPath, [inProject('lib/cli/main.js'), 'reproduce', ...options], {
      encoding: 'utf8',
      timeout: 1_200_000,
    });
  const notebook = path.join(out, 'notebooks', `${name}.ipynb`);
  const executed = () => readNotebook(notebook);
  const namesIn = (kind: string) => fs.readdirSync(path.join(out, kind));
  const read = (...names: string[]) => fs.readFileSync(path.join(out, ...names), 'utf8');
  const documents = (): Result[] =>
    namesIn('results')
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(read('results', name)));
  /** Rows of a table, the header first. */
  const csv = (table: string) =>
    parse<string[]>(read('tables', `${table}.csv`), { skipEmptyLines: true, comments: '#' }).data;

  before(() => {
    writeTinyDataset(data);
    const { status, stderr } = reproduce();
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });

  test('the executed notebook tells of no error, misses no number and ends with its answer', () => {
    assert.deepEqual(complaints(executed()), []);
    const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed(), format));
    assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined|null/);
    const { outputs } = executed().cells.at(-1) ?? { outputs: [] };
    const told = outputs[0].data ?? {};
    assert.ok(String(told['text/plain']).startsWith(`${answer} Nothing is shown: `));
    assert.match(String(told['text/html']), /<tr class="question">.*<th scope="row"/s);
  });

  test('the page holds the answer, and every table and figure that the notebook shows', () => {
    const page = read('index.html');
    assert.match(
      page,
      new RegExp(`<section id="${name}">[^]*<b>Nothing is shown: [^]*notebooks/${name}.ipynb`),
    );
    for (const file of [
      ...tables.map((stem) => `tables/${stem}.md`),
      ...figures.map((stem) => `figures/${stem}.svg`),
    ])
      assert.ok(page.includes(`"${file}"`), file);
  });

  test('every table and figure is shown and left in every format', () => {
    const files = (names: readonly string[], endings: readonly string[]) =>
      names.flatMap((stem) => endings.map((ending) => `${stem}.${ending}`)).sort();
    assert.deepEqual(namesIn('tables').sort(), files(tables, ['csv', 'md', 'tex']));
    assert.deepEqual(namesIn('figures').sort(), files(figures, ['csv', 'pdf', 'png', 'svg']));
    for (const format of [PLOTLY, 'image/svg+xml'])
      assert.equal(shownAs(executed(), format).length, figures.length);
  });

  test('its plan names all documents that it leaves and no others', async () => {
    const bench = openWorkbench({ data, preset: 'quick', seeds: 1, out, device: 'auto' });
    const { runs }: { runs: readonly Planned[] } = await import(`../../lib/questions/${name}`);
    const planned = resolve(runs, bench).map((job) => `${stemIn(job)}.tsv`);
    const left = documents().map(({ instances }) => instances);
    assert.deepEqual(planned.sort(), left.sort());
  });

  test('packed, every number of its page is computed again from the set alone, and what was changed is named', async () => {
    const set = path.join(folder, 'set');
    const told = (command: string, ...args: string[]) => main(command, set, ...args);
    fs.cpSync(out, set, { recursive: true });
    assert.equal(told('pack', '--data', data).status, 0);
    for (const kind of ['results', 'models']) fs.rmSync(path.join(set, kind), { recursive: true });
    const { status, stdout, stderr } = told('verify');
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /\n[\d,]+ equal, 0 different\n$/);

    await assertOthersAgree(set);

    const packed = fs.readFileSync(path.join(set, 'outcomes-s1.parquet'));
    for (const word of ['user0', 'film', 'single']) assert.ok(!packed.includes(word), word);

    const table = path.join(set, 'tables', `${tables[0]}.csv`);
    const content = fs.readFileSync(table, 'utf8');
    fs.writeFileSync(
      table,
      content.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
    );
    const changed = told('verify');
    assert.equal(changed.status, 1);
    assert.match(changed.stdout, new RegExp(`differs {2}tables/${tables[0]}.csv: has changed`));
    assert.match(changed.stdout, new RegExp(`differs {2}tables/${tables[0]}.csv, line \\d+: …`));
    fs.writeFileSync(table, content);

    await flipOutcome(path.join(set, 'outcomes-s1.parquet'));
    const flipped = told('verify');
    assert.equal(flipped.status, 1);
    assert.match(flipped.stdout, /differs {2}outcomes-s1\.parquet: has changed/);
    assert.match(
      flipped.stdout,
      /differs {2}\S+-s1: \S+ is \S+ in documents-s1\.parquet and \S+ by outcomes/,
    );
  });

  test('asked again it computes nothing', () => {
    const inodes = () => namesIn('results').map((file) => fs.statSync(path.join(out, 'results', file)).ino);
    const there = inodes();
    assert.equal(reproduce().status, 0);
    assert.deepEqual(inodes(), there);
  });

  /** Methods with a number in a column, which must be that of their document and of the instances beside it. */
  const compared = (table: string, column: Column) => {
    const [header, ...rows] = csv(table);
    const [task, metric] = column.split(' ');
    const place = header.indexOf(column);
    const runs = documents().filter((run) => run.task === task && metric in run.metrics.test);
    const filled = rows.filter((row) => row[place] !== '');
    for (const [method, ...cells] of filled) {
      const isMeant = (run: Result) =>
        method in called
          ? identityOf(methodOf(run)) === called[method]
          : run.method === method && run.training === 1;
      const [run, ...others] = runs.filter(isMeant);
      assert.deepEqual(others, []);
      const instances = instanceRows(out, run);
      const value = Number(cells[place - 1]);
      assert.equal(value, run.metrics.test[metric], `${method}, ${column}`);
      assert.equal(value, instances.filter(hits[column]).length / instances.length);
    }
    return filled.length;
  };
  test('the numbers of its tables are those of the result documents and of the instances beside them', () => {
    for (const [table, counts] of Object.entries(results))
      for (const [column, count] of Object.entries(counts))
        assert.equal(compared(table, column as Column), count, `${table}, ${column}`);
  });
}
