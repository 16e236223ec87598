import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeSealed } from '../../../lib/base/sealed';
import { causal } from '../../../lib/experiments/methods/family';
import type { Answer, Row } from '../../../lib/report/answer/answer';
import { writeGallery } from '../../../lib/report/gallery/gallery';
import { ANSWER_TYPE } from '../../../lib/report/notebookFile';
import { inProject } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';
import { sampleResult } from '../sampleResults';

const TABLE = '1 \\< 2, says the caption\n\n| Task |\n| :--- |\n| **A** |\n\nA note.\n';

const output = (data: object) => ({ outputs: [{ data }] });
const notebook = (...cells: object[]) =>
  JSON.stringify({
    cells: cells.map((cell) => ({ source: ['run()'], cell_type: 'code', outputs: [], ...cell })),
  });

const ANSWERED = notebook(
  { cell_type: 'markdown', source: ['# RQ1: is it so & why?\n', 'Words.'] },
  output({ 'text/plain': 'curves: How it went' }),
  output({ 'text/markdown': ['This data set lacks ', 'AgeEst: left out.'] }),
  output({ 'text/plain': TABLE }),
  output({ 'text/markdown': '**Yes.** <img src=x onerror=alert(1)>' }),
);

function runFolder(notebooks: Readonly<Record<string, string>>): string {
  const out = folderWith({});
  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
    fs.writeFileSync(path.join(out, file), content);
  };
  for (const ending of ['svg', 'pdf', 'png'])
    write(`figures/curves.${ending}`, '<svg><title>How it went</title></svg>');
  for (const ending of ['csv', 'tex']) write(`tables/a table.${ending}`, '');
  write('tables/a table.md', TABLE);
  write('tables/older.md', 'Of another day\n\n| A |\n| :- |\n| 1 |\n');
  for (const seed of [2, 10]) {
    const result = sampleResult({ task: 'A', method: causal.PeterRec, seed, test: {} });
    writeSealed(path.join(out, `results/A-x-0-s${seed}.json`), { ...result, data: 'tiny', preset: 'quick' });
  }
  for (const [name, content] of Object.entries(notebooks)) write(`notebooks/${name}.ipynb`, content);
  return out;
}

const pageOf = (out: string) => fs.readFileSync(writeGallery(out), 'utf8');
/** Of files; those within the page must lead to a part of it. */
function addresses(page: string): string[] {
  const all = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
  for (const address of all)
    if (address.startsWith('#')) assert.ok(page.includes(` id="${address.slice(1)}"`), address);
  return all.filter((address) => !address.startsWith('#'));
}
const broken = (out: string, page: string) =>
  addresses(page).filter((address) => !fs.existsSync(path.join(out, decodeURIComponent(address))));
/** The page has these texts, in this order. */
function assertInOrder(page: string, ...texts: string[]): void {
  const places = texts.map((text) => page.indexOf(text));
  const sorted = [...places].sort((a, b) => a - b);
  assert.ok(!places.includes(-1), texts[places.indexOf(-1)]);
  assert.deepEqual(places, sorted);
}

test('the answer comes first, then what the notebook shows in its order, at the end what none shows', () => {
  const page = pageOf(runFolder({ rq1: ANSWERED }));
  assertInOrder(page, ...['<h2>RQ1: is it so &amp; why?', '<strong>Yes.', 'curves.svg', 'lacks AgeEst']);
  assertInOrder(page, ...['lacks AgeEst', '<table>', '<summary>More</summary>', 'Of another day']);
});

test('every format is linked, by a path that starts at the page and leads to a file', () => {
  const out = runFolder({ rq1: ANSWERED });
  const page = pageOf(out);
  assert.deepEqual(addresses(page), [
    ...['figures/curves.svg', 'figures/curves.svg', 'figures/curves.pdf', 'figures/curves.png'],
    ...['csv', 'tex', 'md'].map((ending) => `tables/a%20table.${ending}`),
    'notebooks/rq1.ipynb',
    'results/',
    'tables/older.md',
  ]);
  assert.deepEqual(broken(out, page), []);
});

test('the links of the committed reference set work', () => {
  const out = folderWith({});
  fs.cpSync(inProject('figures/reference'), out, { recursive: true });
  const page = pageOf(out);
  assert.ok(addresses(page).length > 20);
  assert.deepEqual(broken(out, page), []);
});

test('what a notebook says is shown, never run', () => {
  const page = pageOf(runFolder({ rq1: ANSWERED }));
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.doesNotMatch(page, /<img src=x|<script/);
});

test('the head tells the data, the end how it was computed, in the order of numbers', () => {
  assert.match(pageOf(runFolder({})), /<h1>PeterRec on tiny<[\s\S]*: preset quick; seeds 2, 10; 0\.0 hours /);
  assert.match(pageOf(folderWith({})), /<h1>/); // without anything
});

test('of a notebook that was stopped the page says so', () => {
  const stopped = notebook(output({ 'text/markdown': 'Words on the way.' }), {});
  const page = pageOf(runFolder({ rq2: stopped }));
  assert.match(page, /<h2>rq2<\/h2>\n<div class="answer"><p>This notebook did not run to its end\./);
  assert.match(page, /Words on the way/);
  const emptyCell = notebook(output({ 'text/markdown': '**Yes.**' }), { source: [] }); // as JupyterLab leaves it
  assert.doesNotMatch(pageOf(runFolder({ rq2: emptyCell })), /did not run to its end/);
});

test('first answers stand marked in place of older ones, those that ran to their end; without them no page knows of marks', () => {
  const out = runFolder({ rq1: ANSWERED, rq2: ANSWERED, rq3: ANSWERED });
  for (const name of ['notebooks', 'figures', 'tables'])
    fs.cpSync(path.join(out, name), path.join(out, 'first', name), { recursive: true });
  fs.rmSync(path.join(out, 'first/notebooks/rq3.ipynb'));
  fs.writeFileSync(path.join(out, 'first/notebooks/rq2.ipynb'), notebook({}));
  const final = pageOf(out);
  const provisional = { folder: 'first', mark: '1 of 5 seeds, provisional' };
  const page = fs.readFileSync(writeGallery(out, provisional), 'utf8');
  const notebooks = addresses(page).filter((address) => address.endsWith('.ipynb'));
  assert.equal(notebooks.join(), 'first/notebooks/rq1.ipynb,notebooks/rq2.ipynb,notebooks/rq3.ipynb');
  assert.ok(addresses(page).includes('first/figures/curves.svg'));
  assert.deepEqual(broken(out, page), []);
  assert.equal(page.split('1 of 5 seeds, provisional').length, 3); // of the page, and of one answer
  assert.equal(pageOf(out), final);
  assert.doesNotMatch(final, /provisional|refresh/);
});

const cells: Row['cells'] = [{ task: 'T', state: 'contrary', difference: -0.1, isOfPaper: true }];
const told: Answer = {
  ...{ question: 'Is it so?', sentence: 'In part: it is.', decided: 2, standing: 1, notes: ['Few seeds.'] },
  groups: [{ title: 'In the paper', rows: [{ claim: 'A > B', paper: 'holds', cells }] }],
};
const ASKED = notebook(
  { cell_type: 'markdown', source: ['# RQ2: is it so?'] },
  output({ 'text/plain': TABLE }),
  output({ 'text/markdown': 'A remark on the way.' }),
  output({ 'text/plain': 'rq2-evidence: Forest' }),
  output({ 'text/plain': 'Table 3\n\n| T |\n| :- |\n| 3 |\n' }),
  output({ 'text/plain': 'What papers found\n\n| P |\n| :- |\n| 4 |\n' }),
  output({ 'text/plain': 'curves: How it went' }),
  output({ [ANSWER_TYPE]: told, 'text/html': '<p>', 'text/plain': '' }),
);

test('answers stand at a glance first, each with its sentence, then questions: figures, tables, evidence, and folded the rest; then the data', () => {
  const out = runFolder({ rq2: ASKED, data: ANSWERED, mine: ANSWERED });
  fs.writeFileSync(path.join(out, 'figures/rq2-evidence.svg'), '<svg><title>Forest</title></svg>');
  fs.writeFileSync(path.join(out, 'tables/table3-parts.md'), 'Table 3\n\n| T |\n| :- |\n| 3 |\n');
  fs.writeFileSync(path.join(out, 'tables/a-published.md'), 'What papers found\n\n| P |\n| :- |\n| 4 |\n');
  const page = pageOf(out);
  assertInOrder(
    page,
    ...['<h2>At a glance', 'A &gt; B', 'all questions: 1 of 2.', '<a href="#rq2">RQ2: is it so?</a> In part'],
    ...['<h2>RQ2: is it so?', '<b>In part: it is.</b>', 'Few seeds.', 'curves.svg', '<p>Table 3</p>'],
    ...[
      'What papers found',
      'rq2-evidence.svg',
      '<summary>Details',
      '1 &lt; 2',
      'A remark on the way',
      'notebooks/rq2.ipynb',
    ],
    ...['<section id="mine">', '<section id="data">', '<section id="computed">'],
  );
  assert.deepEqual(broken(out, page), []);
});
