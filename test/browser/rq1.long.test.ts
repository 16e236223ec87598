/** A person at JupyterLab: opens the RQ1 notebook, stops it, runs it again, and sees its table and its figure. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumExecutable } from '../../lib/report/figure/browser';
import { inProject } from '../../lib/setup/tools/project';
import { complaints, readNotebook } from '../notebooks/notebook';
import { HOSTILE_TITLE, writeTinyDataset } from '../notebooks/tinyDataset';
import { isSaved, type Lab, missing, startLab, stopLab } from './lab';
import { descendants, isRunning, until } from './processes';

const STDERR = '[data-mime-type="application/vnd.jupyter.stderr"]';
const EXPERIMENTS = 43;
/** Pixels: two panels fill a column of 3 1/3 inches, beside it stand Plotly's buttons. */
const WIDTH = 320 + 34;

/** The notebook as its reader would change it: other data, the smallest budgets, one seed, and a look at the items. */
function writeNotebook(file: string, data: string, out: string): void {
  const notebook = JSON.parse(fs.readFileSync(inProject('notebooks/rq1.ipynb'), 'utf8'));
  const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto' };
  const empty = { cell_type: 'code', metadata: {}, outputs: [], execution_count: null };
  for (const cell of notebook.cells) {
    if (cell.metadata.tags?.includes('parameters'))
      cell.source = `const parameters = ${JSON.stringify(parameters)};`;
  }
  notebook.cells.push({ ...empty, id: 'items', source: 'await show(bench.dataset.items);' });
  fs.writeFileSync(file, JSON.stringify(notebook));
}

describe('the RQ1 notebook in JupyterLab', { skip: missing() }, () => {
  fs.mkdirSync(inProject('figures/runs'), { recursive: true });
  /** JupyterLab opens files of the project only; git ignores those in here. */
  const folder = fs.mkdtempSync(inProject('figures/runs/browser-test-'));
  const screenshots = fs.mkdtempSync(path.join(os.tmpdir(), 'jupyterlab-screenshots-'));
  const notebook = path.join(folder, 'rq1.ipynb');
  const out = path.join(folder, 'out');
  const dialogs: string[] = [];
  const strangers: string[] = [];
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  before(async () => {
    writeTinyDataset(path.join(folder, 'data'));
    writeNotebook(notebook, path.join(folder, 'data'), out);
    lab = await startLab(path.join(folder, 'lab'));
    browser = await chromium.launch({ executablePath: chromiumExecutable(), args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      return dialog.dismiss();
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') strangers.push(request.url());
    });
    page.setDefaultTimeout(60_000);
    await page.goto(lab.open(notebook));
  });

  after(async () => {
    // Where a test failed the page is still open and shows why.
    await page?.screenshot({ path: path.join(screenshots, 'last.png') }).catch(() => undefined);
    await browser?.close();
    if (lab) await stopLab(lab);
    fs.rmSync(folder, { recursive: true });
    console.log(`Screenshots: ${screenshots}`);
  });

  const runAll = async () => {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
  };

  /** Each finished document with the time of its last change. */
  const documents = () => {
    const results = path.join(out, 'results');
    const names = fs.existsSync(results) ? fs.readdirSync(results) : [];
    const finished = names.filter((name) => name.endsWith('.json'));
    return new Map(finished.map((name) => [name, fs.statSync(path.join(results, name)).mtimeMs]));
  };

  /** Scrolls there, so that it is drawn, and keeps a picture of it. */
  const lookAt = async (name: string, selector: string, text = '') => {
    const shown = page.locator(selector, { hasText: text }).first();
    await shown.screenshot({ path: path.join(screenshots, name) });
    return shown;
  };

  test('it opens with the TypeScript kernel, and JupyterLab asks nothing', {
    timeout: 300_000,
  }, async () => {
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 240_000 });
    assert.equal(await page.locator('.jp-Dialog').count(), 0);
  });

  test('Stop ends the training, and what was finished stays', {
    timeout: 300_000,
  }, async () => {
    await runAll();
    await until(() => documents().size > 0, 150);
    await page.getByRole('button', { name: 'Interrupt the kernel' }).click();
    await page.locator(STDERR).waitFor();
    await delay(1500); // the cell is abandoned at once; a document that was being written is finished
    const kept = documents();
    assert.ok(kept.size < EXPERIMENTS);
    await delay(1500);
    assert.deepEqual(documents(), kept);
  });

  test('run again, it goes on from there and ends without an error', { timeout: 300_000 }, async () => {
    const kept = documents();
    await runAll();
    await page.locator('.jp-Cell').last().locator('table').waitFor({ timeout: 280_000 });
    const all = documents();
    assert.equal(all.size, EXPERIMENTS);
    for (const [name, time] of kept) assert.equal(all.get(name), time, name);
    assert.equal(await page.locator(STDERR).count(), 0);
    while (!isSaved(notebook)) {
      await page.keyboard.press('Control+s'); // the cell's number comes after its table
      await delay(1000);
    }
    assert.deepEqual(complaints(readNotebook(notebook)), []);
  });

  test('its reader sees the numbers of PeterRec in Table 2', async () => {
    const table = await lookAt('table.png', '.jp-OutputArea-output table', 'effect of pre-training');
    const accuracy = table.locator('tr', { hasText: 'PeterRec' }).locator('td').last();
    assert.match((await accuracy.textContent()) ?? '', /^[01]\.\d{3}/);
  });

  test('Figure 4 is drawn in the size it has on paper beside Plotly’s buttons, with a panel for each task', async () => {
    const drawn = page.locator('.jp-RenderedPlotly').first(); // the paper's setting; the best one follows
    await drawn.scrollIntoViewIfNeeded();
    const titles = drawn.locator('.annotation-text');
    await titles.first().waitFor();
    assert.deepEqual(await titles.allTextContents(), ['ColdRec-1', 'GenEst']);
    const figure = await lookAt('figure.png', '.js-plotly-plot .main-svg');
    assert.equal((await figure.boundingBox())?.width, WIDTH);
    const [buttons, legend] = await Promise.all(
      ['.modebar', '.legend .bg'].map((part) =>
        page.locator(`.js-plotly-plot ${part}`).first().boundingBox(),
      ),
    );
    assert.ok(buttons && legend && buttons.x >= legend.x + legend.width, 'buttons stand clear of the legend');
  });

  test('a title that is a script shows as text and does not run', async () => {
    await lookAt('items.png', '.jp-OutputArea-output td', HOSTILE_TITLE);
    assert.deepEqual(dialogs, []);
  });

  test('the page asks nothing of other machines', () => {
    assert.deepEqual(strangers, []);
  });

  test('when JupyterLab ends, no process that it started is left', { timeout: 120_000 }, async () => {
    const started = descendants(lab.process.pid as number);
    assert.ok(started.length >= 2);
    await browser.close();
    await stopLab(lab);
    await until(() => !started.some(isRunning), 60);
  });
});
