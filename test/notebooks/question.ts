/** Runs the notebook of a research question on a tiny data set, as `reproduce` does, and tests what all of them leave. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'papaparse';
import { methodOf, type Result } from '../../lib/documents/document';
import { instanceRows } from '../../lib/documents/store';
import type { Planned } from '../../lib/methods/experiment';
import { identityOf } from '../../lib/methods/identity';
import { answerSchema } from '../../lib/report/answer/answer';
import type { Spec } from '../../lib/report/figure/plotly';
import { ANSWER_TYPE } from '../../lib/report/notebookFile';
import { planOf, stemIn, unitsOf } from '../../lib/runs/plan';
import { openWorkbench } from '../../lib/runs/workbench';
import { inProject } from '../../lib/setup/tools/project';
import { complaints, type Notebook, readable, readNotebook, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

export interface Question {
  readonly name: `rq${number}`;
  /** What it asks. */
  readonly answer: string;
  /** File stems. */
  readonly tables: readonly string[];
  readonly figures: readonly string[];
  /** Its tables of results, by file stem: how many methods each has on a task. */
  readonly results: Readonly<Record<string, Readonly<Partial<Record<Task, number>>>>>;
  /** The identity of what a table calls otherwise than its document does. */
  readonly called?: Readonly<Record<string, string>>;
}

/** The tasks of the tiny data set by the columns of tables, and what a row of the TSV adds to the mean that its metric is. */
const hits = {
  'ColdRec-1 HR@5': ({ rank }: Row) => Number(rank) <= 5,
  'GenEst Acc': ({ predicted, label }: Row) => predicted === label,
};

type Task = keyof typeof hits;
type Row = Readonly<Record<string, string>>;

/** What a notebook left behind. */
export interface Reproduced {
  readonly out: string;
  /** Runs it again. */
  readonly reproduce: () => {
    readonly status: number | null;
    readonly stderr: string;
    readonly stdout: string;
  };
  readonly executed: () => Notebook;
  readonly namesIn: (kind: string) => string[];
  readonly documents: () => Result[];
  /** Rows of a table, the header first. */
  readonly csv: (table: string) => string[][];
}

function reproduced(question: string, folder: string): Reproduced {
  const [data, out] = [path.join(folder, 'data'), path.join(folder, 'out')];
  const options = ['--rq', question, '--data', data, '--preset', 'quick', '--seeds', '1', '--out', out];
  const command = [inProject('lib/cli/main.js'), 'reproduce', ...options];
  const namesIn = (kind: string) => fs.readdirSync(path.join(out, kind));
  const read = (...names: string[]) => fs.readFileSync(path.join(out, ...names), 'utf8');
  return {
    out,
    reproduce: () => spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 1_200_000 }),
    executed: () => readNotebook(path.join(out, 'notebooks', `${question}.ipynb`)),
    namesIn,
    documents: () =>
      namesIn('results')
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(read('results', name))),
    csv: (table) =>
      parse<string[]>(read('tables', `${table}.csv`), { skipEmptyLines: true, comments: '#' }).data,
  };
}

/** Runs the notebook once before the tests of a file and registers those that every question has to pass. */
export function testQuestion(question: Question): Reproduced {
  const { name, answer, tables, figures, results } = question;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `notebooks-${name}-`));
  const run = reproduced(name, folder);
  before(() => {
    writeTinyDataset(path.join(folder, 'data'));
    const { status, stderr } = run.reproduce();
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  test('the executed notebook tells of no error', () => {
    assert.deepEqual(complaints(run.executed()), []);
  });

  test('it ends with the answer to its question', () => {
    const { outputs } = run.executed().cells.at(-1) ?? { outputs: [] };
    assert.equal(outputs.length, 1);
    const told = answerSchema.parse(outputs[0].data?.[ANSWER_TYPE]);
    assert.equal(told.question, answer);
    assert.match(told.sentence, /^Nothing is shown: /);
    assert.ok(told.groups.length > 0 && told.groups.every(({ rows }) => rows.length > 0));
    assert.match(String(outputs[0].data?.['text/html']), /<div class="glance">/);
  });

  test('no number that it shows is missing', () => {
    const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(run.executed(), format));
    assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined|null/);
  });

  test('its figures are there for JupyterLab and, as pictures, for a code host', () => {
    for (const format of ['application/vnd.plotly.v1+json', 'image/svg+xml'])
      assert.equal(shownAs(run.executed(), format).length, figures.length);
  });

  test('every table is there as CSV, LaTeX and Markdown, and every figure as SVG, PDF, PNG and CSV', () => {
    const files = (names: readonly string[], endings: readonly string[]) =>
      names.flatMap((stem) => endings.map((ending) => `${stem}.${ending}`)).sort();
    assert.deepEqual(run.namesIn('tables').sort(), files(tables, ['csv', 'md', 'tex']));
    if (figures.length > 0)
      assert.deepEqual(run.namesIn('figures').sort(), files(figures, ['csv', 'pdf', 'png', 'svg']));
  });

  test('its plan names all documents that it leaves and no others', async () => {
    const { out } = run;
    const parameters = { data: path.join(folder, 'data'), preset: 'quick', seeds: 1, out, device: 'auto' };
    const { runs }: { runs: readonly Planned[] } = await import(`../../lib/questions/${name}`);
    const plan = planOf(openWorkbench(parameters), runs);
    assert.deepEqual(
      unitsOf(plan)
        .map((unit) => `${stemIn(plan, unit)}.tsv`)
        .sort(),
      run
        .documents()
        .map(({ instances }) => instances)
        .sort(),
    );
  });

  test('asked again it computes nothing', () => {
    const inodes = () =>
      run.namesIn('results').map((file) => fs.statSync(path.join(run.out, 'results', file)).ino);
    const before = inodes();
    assert.equal(run.reproduce().status, 0);
    assert.deepEqual(inodes(), before);
  });

  if (figures.length > 0) {
    test('every curve of its figures is that of a result document', () => {
      const drawn = shownAs(run.executed(), 'application/vnd.plotly.v1+json') as Spec[];
      const curves = drawn.flatMap(curvesOf);
      assert.equal(
        curves.length > 0,
        figures.some((figure) => figure.startsWith('figure')),
      );
      for (const curve of curves) assert.ok(run.documents().some(isCurveOf(curve)), JSON.stringify(curve));
    });
  }

  for (const [table, counts] of Object.entries(results)) {
    test(`the numbers of ${table} are those of the result documents and of the instances beside them`, () => {
      for (const [column, count] of Object.entries(counts)) {
        assert.equal(compare(run, table, column as Task, question).length, count, column);
      }
    });
  }
  return run;
}

/** Compares a column of a table with the documents; returns the methods that have a number there. */
function compare(
  { out, csv, documents }: Reproduced,
  table: string,
  column: Task,
  { called = {} }: Question,
): string[] {
  const [header, ...rows] = csv(table);
  const [task, metric] = column.split(' ');
  const place = header.indexOf(column);
  const runs = documents().filter((run) => run.task === task && metric in run.metrics.test);
  return rows
    .filter((row) => row[place] !== '')
    .map(([method, ...cells]) => {
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
      return method;
    });
}

/** A curve of a figure as its reader sees it: beside its legend's name the title and the y axis of its panel. */
interface Curve {
  readonly panel: string | undefined;
  readonly method: string | undefined;
  readonly metric: string | undefined;
  readonly isBySeconds: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

function curvesOf({ data, layout }: Spec): Curve[] {
  const lines = data.filter(({ mode }) => mode === 'lines+markers');
  return lines.map(({ name: method, x, y, xaxis = 'x' }) => {
    const place = xaxis.slice(1);
    const metric = layout[`yaxis${place}`].title?.text;
    const title = layout.annotations?.find(
      ({ xref, yref }) => xref === `${xaxis} domain` && yref.endsWith(' domain'),
    );
    const isBySeconds = layout[`xaxis${place}`].title?.text?.startsWith('Seconds') ?? false;
    return { panel: title?.text, method, metric, isBySeconds, x, y };
  });
}

/** With one seed a mean is the seed's own value. A panel's title begins with its task. */
const isCurveOf =
  ({ panel, method, metric = '', isBySeconds, x, y }: Curve) =>
  (run: Result): boolean =>
    run.method === method &&
    panel?.split(', ')[0] === run.task &&
    isDeepStrictEqual(
      [x, y],
      [
        run.curve.map(({ step, seconds }) => (isBySeconds ? seconds : step)),
        run.curve.map(({ test }) => test[metric]),
      ],
    );
