import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeSealed } from '../../../lib/base/sealed';
import { causal } from '../../../lib/experiments/methods/family';
import type { Answer, Row } from '../../../lib/report/answer/answer';
import { exportTable } from '../../../lib/report/export';
import { type Page, type Section, writeGallery } from '../../../lib/report/gallery/gallery';
import { type Product, productOf } from '../../../lib/report/gallery/products';
import type { Table } from '../../../lib/report/table/table';
import { inProject } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';
import { sampleResult } from '../sampleResults';

const table: Table = {
  ...{ name: 'a table', caption: '1 < 2, says the caption', note: 'A note.' },
  ...{ columns: [{ key: 'task', label: 'Task' }], rows: [{ task: 'A' }] },
};
const curves: Product = { kind: 'figures', name: 'curves', folder: '', content: 'How it <went>', width: 500 };

const cells: Row['cells'] = [{ task: 'T', state: 'contrary', difference: -0.1, isOfPaper: true }];
const told: Answer = {
  ...{ question: 'Is it so?', sentence: 'In part: it is. <img src=x onerror=alert(1)>' },
  ...{ decided: 2, standing: 1, notes: ['Few seeds.'] },
  groups: [{ title: 'In the paper', rows: [{ claim: 'A > B', paper: 'holds', cells }] }],
};

const rq1: Section = {
  ...{ name: 'rq1', title: 'RQ1: is it so & why?', about: '*Compared* are two.', answer: told },
  main: [curves, productOf(table)],
  details: ['This data set lacks AgeEst.', productOf({ ...table, name: 'beside', caption: 'Beside it' })],
};

/** A run's folder with the files of a table and a figure, two documents and the notebook of RQ1. */
function runFolder(folder = ''): string {
  const out = folderWith({});
  for (const name of ['a table', 'beside']) exportTable({ ...table, name }, path.join(out, folder));
  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
    fs.writeFileSync(path.join(out, file), content);
  };
  for (const ending of ['svg', 'pdf', 'png']) write(path.join(folder, `figures/curves.${ending}`), '<svg>');
  for (const seed of [2, 10]) {
    const result = sampleResult({ task: 'A', method: causal.PeterRec, seed, test: {} });
    writeSealed(path.join(out, `results/A-x-0-s${seed}.json`), { ...result, data: 'tiny', preset: 'quick' });
  }
  write('notebooks/rq1.ipynb', '{}');
  return out;
}

const pageOf = (out: string, page: Partial<Page> = {}) =>
  fs.readFileSync(writeGallery(out, { sections: [rq1], data: [], ...page }), 'utf8');

/** Addresses of files; those within the page must lead to a part of it. */
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

test('answers stand at a glance first, each with its sentence, then questions: answer, figures and tables, folded the rest; then the data', () => {
  const data = [productOf({ ...table, caption: 'Table 1' })];
  const page = pageOf(runFolder(), { data });
  assertInOrder(
    page,
    ...[
      '<h2>At a glance',
      'A &gt; B',
      'all questions: 1 of 2.',
      '<a href="#rq1">RQ1: is it so &amp; why?</a> In part',
    ],
    ...[
      '<h2>RQ1: is it so &amp; why?',
      '<em>Compared</em>',
      '<b>In part: it is.',
      'Few seeds.',
      'curves.svg',
    ],
    ...['1 &lt; 2', 'A note.', '<summary>Details', 'lacks AgeEst', 'Beside it', 'notebooks/rq1.ipynb'],
    ...['<section id="data">', 'Table 1', '<section id="computed">'],
  );
});

test('every format is linked, by a path that starts at the page and leads to a file', () => {
  const out = runFolder();
  const page = pageOf(out);
  assert.deepEqual(addresses(page), [
    ...['figures/curves.svg', 'figures/curves.svg', 'figures/curves.pdf', 'figures/curves.png'],
    ...['csv', 'tex', 'md'].map((ending) => `tables/a%20table.${ending}`),
    ...['csv', 'tex', 'md'].map((ending) => `tables/beside.${ending}`),
    'notebooks/rq1.ipynb',
    'results/',
  ]);
  assert.deepEqual(broken(out, page), []);
});

test('the links of the committed pages work', () => {
  const sets = inProject('figures/reference');
  const all = fs.readdirSync(sets, { encoding: 'utf8', recursive: true });
  for (const file of all.filter((name) => path.basename(name) === 'index.html')) {
    const page = fs.readFileSync(path.join(sets, file), 'utf8');
    assert.ok(addresses(page).length > 20, file);
    assert.deepEqual(broken(path.dirname(path.join(sets, file)), page), [], file);
  }
});

test('words and captions are shown, never run', () => {
  const page = pageOf(runFolder());
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.ok(page.includes('How it &lt;went&gt;'));
  assert.doesNotMatch(page, /<img src=x|<script|<went>/);
});

test('the head tells the data, the end how it was computed, in the order of numbers', () => {
  const none = { sections: [] };
  assert.match(
    pageOf(runFolder(), none),
    /<h1>PeterRec on tiny<[\s\S]*: preset quick; seeds 2, 10; 0\.0 hours /,
  );
  assert.match(pageOf(folderWith({}), none), /<h1>/); // without anything
});

test('a notebook without an answer stands behind the answers; one that failed, or is not there yet, is told', () => {
  const alone: Section = { name: 'a', title: 'A notebook', main: [], details: [] };
  const out = runFolder();
  const unanswered = { ...alone, name: 'rq0', title: 'RQ0', answer: 'Not answered: 3 are missing.' };
  const page = pageOf(out, { sections: [alone, { ...rq1, hasFailed: true }, unanswered] });
  assertInOrder(
    page,
    '<section id="rq1">',
    '<section id="a">',
    '<section id="rq0">',
    '<p>Not answered: 3 are',
  );
  assert.match(page, /notebooks\/rq1\.ipynb">The executed notebook<\/a> did not run to its end/);
  assert.deepEqual(broken(out, page), []);
});

test('first answers are marked, and their page loads itself again; a final page knows of no marks', () => {
  const mark = '1 of 5 seeds, provisional';
  const out = runFolder('first');
  const main = [{ ...curves, folder: 'first' }, productOf(table, 'first')];
  const page = pageOf(out, { sections: [{ ...rq1, main, details: [], mark }], mark });
  assert.ok(addresses(page).includes('first/figures/curves.svg'));
  assert.deepEqual(broken(out, page), []);
  assert.match(page, /http-equiv="refresh"/);
  assert.equal(page.split(mark).length, 4); // of the page, of the overview, and of one answer
  assert.doesNotMatch(pageOf(out), /provisional|refresh/);
});
