/** A person at JupyterLab: opens the RQ1 notebook, stops it, runs it again, and sees its table and its figure. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inProject } from '../../lib/setup/tools/project';
import { complaints, readNotebook } from '../notebooks/notebook';
import { HOSTILE_TITLE, writeTinyDataset } from '../notebooks/tinyDataset';
import { inLab, isSaved, missing, stopLab } from './lab';
import { descendants, isRunning, until } from './processes';

const STDERR = '[data-mime-type="application/vnd.jupyter.stderr"]';
const EXPERIMENTS = 44;
/** Pixels: two panels fill a column of 3 1/3 inches, beside it stand Plotly's buttons. */
const WIDTH = 320 + 34;

/** The notebook as its reader would change it: other data, the smallest budgets, one seed, and a look at the items. */
function changed(data: string, out: string): object {
  const notebook = JSON.parse(fs.readFileSync(inProject('notebooks/rq1.ipynb'), 'utf8'));
  const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto' };
  const empty = { cell_type: 'code', metadata: {}, outputs: [], execution_count: null };
  for (const cell of notebook.cells) {
    if (cell.metadata.tags?.includes('parameters'))
      cell.source = `const parameters = ${JSON.stringify(parameters)};`;
  }
  notebook.cells.push({ ...empty, id: 'items', source: 'await show(bench.dataset.items);' });
  return notebook;
}

describe('the RQ1 notebook in JupyterLab', { skip: missing() }, () => {
  const sight = inLab((folder) => {
    writeTinyDataset(path.join(folder, 'data'));
    return changed(path.join(folder, 'data'), path.join(folder, 'out'));
  });
  const out = path.join(sight.folder, 'out');

  const runAll = async () => {
    const { page } = sight;
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

  test('it opens with the TypeScript kernel, JupyterLab asks nothing, and Stop ends the training', {
    timeout: 600_000,
  }, async () => {
    const { page } = sight;
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 240_000 });
    assert.equal(await page.locator('.jp-Dialog').count(), 0);
    await runAll();
    await until(() => documents().size > 0, 150);
    await page.getByRole('button', { name: 'Interrupt the kernel' }).click();
    await page.locator(STDERR).first().waitFor();
    await delay(1500); // the cell is abandoned at once; a document that was being written is finished
    const kept = documents();
    assert.ok(kept.size < EXPERIMENTS);
    await delay(1500);
    assert.deepEqual(documents(), kept);
  });

  test('run again, it goes on from there and ends without an error', { timeout: 300_000 }, async () => {
    const { page, file } = sight;
    const kept = documents();
    await runAll();
    await page.locator('.jp-Cell').last().locator('table').waitFor({ timeout: 280_000 });
    const all = documents();
    assert.equal(all.size, EXPERIMENTS);
    for (const [name, time] of kept) assert.equal(all.get(name), time, name);
    assert.equal(await page.locator(STDERR).count(), 0);
    while (!isSaved(file)) {
      await page.keyboard.press('Control+s'); // the cell's number comes after its table
      await delay(1000);
    }
    assert.deepEqual(complaints(readNotebook(file)), []);
  });

  test('its reader sees Table 2, Figure 4 with a panel a task in the size of paper, and a hostile title as text', async () => {
    const { page, dialogs } = sight;
    const table = page.locator('.jp-OutputArea-output table', { hasText: 'effect of pre-training' }).first();
    const accuracy = table.locator('tr', { hasText: 'PeterRec' }).locator('td').last();
    assert.match((await accuracy.textContent()) ?? '', /^[01]\.\d{3}/);
    const drawn = page.locator('.jp-RenderedPlotly').nth(1); // after the trunks; the best setting follows
    await drawn.scrollIntoViewIfNeeded();
    const titles = drawn.locator('.annotation-text');
    await titles.first().waitFor();
    assert.deepEqual(await titles.allTextContents(), ['ColdRec-1', 'GenEst']);
    const boxOf = (part: string) => drawn.locator(part).first().boundingBox();
    assert.equal((await boxOf('.main-svg'))?.width, WIDTH);
    const [buttons, legend] = await Promise.all(['.modebar', '.legend .bg'].map(boxOf));
    assert.ok(buttons && legend && buttons.x >= legend.x + legend.width, 'buttons stand clear of the legend');
    await page
      .locator('.jp-OutputArea-output td', { hasText: HOSTILE_TITLE })
      .first()
      .scrollIntoViewIfNeeded();
    assert.deepEqual(dialogs, []);
  });

  test('the page asks nothing of other machines', () => {
    const { asked } = sight;
    assert.ok(asked.length > 0);
    const isStranger = (url: string) => /^(http|ws)/.test(url) && new URL(url).hostname !== '127.0.0.1';
    assert.deepEqual(asked.filter(isStranger), []);
  });

  test('when JupyterLab ends, no process that it started is left', { timeout: 120_000 }, async () => {
    const started = descendants(sight.lab.process.pid as number);
    assert.ok(started.length >= 2);
    await sight.browser.close();
    await stopLab(sight.lab);
    await until(() => !started.some(isRunning), 60);
  });
});
