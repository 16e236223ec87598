/** A site with a few modules of the library and the whole guide, looked at as a reader would, from a disk. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumExecutable } from '../../lib/report/figure/browser';
import { inProject } from '../../lib/setup/tools/project';
import { brokenLinks } from '../../lib/site/links';
import { buildSite } from '../../lib/site/site';
import { folderWith } from '../datasets/folders';

const MODULES = [
  'random.ts',
  'metrics/ranking.ts',
  'tensorflow/graph/signature.ts',
  'cli/options/options.js',
];
const NOTEBOOK = 'documents/notebooks.rq1.ipynb.html';

const out = folderWith({});
let browser: Browser;

before(async () => {
  const modules = MODULES.map((name) => inProject('lib', name));
  await buildSite({ out, run: inProject('figures/reference'), modules });
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: ['--no-sandbox'] });
});
after(() => browser?.close());

const read = (page: string) => fs.readFileSync(path.join(out, page), 'utf8');

/** A page as a browser opens it from the disk, what it asks a network for, and what goes wrong on it. */
async function open(name: string, javaScriptEnabled = true) {
  const page = await browser.newPage({ javaScriptEnabled });
  const strangers: string[] = [];
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) strangers.push(request.url());
  });
  page.on('pageerror', (error) => strangers.push(error.message));
  await page.goto(pathToFileURL(path.join(out, name)).href);
  return { page, strangers };
}

const captions = (page: Page) => page.locator('figcaption').allTextContents();

test('every link of every page leads somewhere', () => assert.deepEqual(brokenLinks(out), []));

test('and so it does where the notebooks of another run are shown', async () => {
  const [other, run] = [folderWith({}), folderWith({})];
  const there = path.join(run, 'notebooks');
  fs.mkdirSync(there);
  const lib = path.relative(there, inProject('lib'));
  const moved = fs
    .readFileSync(inProject('notebooks/rq1.ipynb'), 'utf8')
    .replaceAll('](../lib/', `](${lib}/`);
  fs.writeFileSync(path.join(there, 'rq1.ipynb'), moved);
  await buildSite({ out: other, run, modules: [inProject('lib/random.ts')] });
  assert.deepEqual(brokenLinks(other), []);
});

test('from every page one gets to the guide, the map of the paper, the notebooks and the reference', () => {
  const pages = fs
    .readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'));
  assert.ok(pages.length > 100);
  for (const page of pages)
    for (const place of ['index.html', 'documents/PAPER.md.html', 'documents/notebooks.html', 'modules.html'])
      assert.ok(
        read(page).includes(`href="${'../'.repeat(page.split('/').length - 1)}${place}"`),
        `${page}: ${place}`,
      );
});

test('each notebook that the run has executed is a page', () => {
  for (const { name } of fs.readdirSync(inProject('figures/reference/notebooks'), { withFileTypes: true }))
    assert.ok(fs.existsSync(path.join(out, `documents/notebooks.${name}.html`)), name);
});

test('a link to a module leads to its page, one to a test to its text, one to a room to the room', () => {
  const map = read('documents/PAPER.md.html');
  assert.ok(map.includes('href="../modules/metrics.ranking.html"'));
  assert.ok(map.includes('href="test.metrics.ranking.test.ts.html"'));
  assert.ok(read('index.html').includes('href="modules/metrics.html"'));
});

test('figures of a notebook are alive, described by their captions, and nothing comes from a network', async () => {
  const { page, strangers } = await open(NOTEBOOK);
  await page.locator('.js-plotly-plot .main-svg').first().waitFor();
  const live = page.locator('.js-plotly-plot');
  await assert.doesNotReject(() => live.nth(1).waitFor());
  const described = await live.evaluateAll((figures) =>
    figures.map((figure) => figure.getAttribute('aria-label')),
  );
  assert.deepEqual(described, await captions(page));
  assert.deepEqual(strangers, []);
});

test('without JavaScript their pictures stand, with the same words', async () => {
  const { page } = await open(NOTEBOOK, false);
  const pictures = page.locator('.plotly img');
  assert.ok(await pictures.first().isVisible());
  const described = await pictures.evaluateAll((images) => images.map((image) => image.getAttribute('alt')));
  assert.deepEqual(described, await captions(page));
});
