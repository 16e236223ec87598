/** A site with a few modules of the library and the whole guide. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { buildSite } from '../../../lib/cli/site/site';
import { inProject, namesBelow } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';

const MODULES = ['base/random.ts', 'metrics/ranking.ts', 'engine/graph/signature.ts', 'cli/options.js'];

const out = folderWith({});
let warnings: number;

before(async () => {
  const modules = MODULES.map((name) => inProject('lib', name));
  warnings = await buildSite(out, inProject('figures/reference'), modules);
});

const pages = () => namesBelow(out).filter((name) => name.endsWith('.html'));
const read = (page: string) => fs.readFileSync(path.join(out, page), 'utf8');
const pageOf = (title: string) =>
  read(pages().find((name) => name.startsWith(`documents/${title}`)) as string);

test('every link of the guide leads somewhere, and a missing file is a warning', async () => {
  assert.equal(warnings, 0);
  const cells = [{ cell_type: 'markdown', source: '[x](missing.ts)' }];
  const run = folderWith({});
  fs.mkdirSync(path.join(run, 'notebooks'));
  fs.writeFileSync(path.join(run, 'notebooks/rq1.ipynb'), JSON.stringify({ cells }));
  const modules = [inProject('lib/base/random.ts')];
  assert.ok((await buildSite(folderWith({}), run, modules)) > 0);
});

test('a link to a module leads to its page, one to a notebook to the executed one, one to a test to its text', () => {
  const map = pageOf('Where_the_paper_is');
  for (const target of ['../modules/metrics_ranking.html', 'RQ1', '../media/ranking.test.ts'])
    assert.ok(map.includes(`href="${target}`), target);
  assert.match(read('index.html'), /href="documents\/From_how_many[^"]*\(scale-made-up\)\.html"/);
});

test('figures of an executed notebook are pictures in the page, described by their captions', () => {
  const page = pageOf('RQ1');
  const described = [...page.matchAll(/<img src="data:image\/svg\+xml;base64,[^"]+" alt="([^"]*)"/g)];
  const captions = [...page.matchAll(/<figcaption>(.*?)<\/figcaption>/g)];
  assert.ok(captions.length > 0);
  assert.deepEqual(
    described.map(([, text]) => text),
    captions.map(([, text]) => text),
  );
});

test('no page loads anything from a network', () => {
  for (const page of pages()) assert.doesNotMatch(read(page), /(src|<link[^>]*href)="(https?:)?\/\//, page);
});
