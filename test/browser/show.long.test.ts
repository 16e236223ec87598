/** What cells show, as a reader meets it: in JupyterLab, in a notebook that nobody trusts, and in a page without scripts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { chromiumExecutable } from '../../lib/report/figure/browser';
import { inProject } from '../../lib/setup/tools/project';
import { type Cell, readNotebook } from '../notebooks/notebook';
import { isSaved, type Lab, missing, startLab, stopLab } from './lab';

const CELLS = [
  `import * as aq from 'arquero';
import { causal } from './lib/methods/family';
import { show } from './lib/notebook/show';
import { free, workspace } from './lib/notebook/workspace';`,
  `const films = Array.from({ length: 60 }, (_, i) => ({ film: i === 7 ? '<img src=x onerror=alert(1)></script>' : \`Film \${i}\`, seen: (37 * i) % 101 }));
await show(aq.from(films));`,
  'await show([causal.PeterRec, causal.FineAll]);',
  `const weights = { head: { kernel: { shape: [2, 2], values: new Float32Array([3, 0, 0, 4]) } } };
await show(weights);`,
  "await show({ data: [{ type: 'bar', x: ['a', 'b'], y: [1, 2] }], layout: { title: { text: 'Two bars' } } });",
  'await workspace();',
  "free('weights');\nawait workspace();",
  "import { groupByUser } from './lib/metrics/bootstrap';\ngroupByUser(undefined as never, []);",
];

/** What JupyterLab draws errors as. */
const STDERR =
  '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]';

function writeNotebook(file: string): void {
  const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
  const cells = CELLS.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell${i}`, metadata: {}, outputs: [], execution_count: null },
    source,
  }));
  fs.writeFileSync(file, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
}

describe('what cells show', { skip: missing() }, () => {
  fs.mkdirSync(inProject('figures/runs'), { recursive: true });
  const folder = fs.mkdtempSync(inProject('figures/runs/browser-test-'));
  const screenshots = fs.mkdtempSync(path.join(os.tmpdir(), 'shown-screenshots-'));
  const notebook = path.join(folder, 'shown.ipynb');
  const dialogs: string[] = [];
  let lab: Lab;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    writeNotebook(notebook);
    lab = await startLab(path.join(folder, 'lab'));
    browser = await chromium.launch({ executablePath: chromiumExecutable(), args: ['--no-sandbox'] });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await opened(lab.open(notebook));
  });

  after(async () => {
    await page?.screenshot({ path: path.join(screenshots, 'last.png') }).catch(() => undefined);
    await browser?.close();
    if (lab) await stopLab(lab);
    fs.rmSync(folder, { recursive: true });
    // JupyterLab keeps a copy of what it opens.
    fs.rmSync(inProject('lib/metrics/.ipynb_checkpoints'), { recursive: true, force: true });
    console.log(`Screenshots: ${screenshots}`);
  });

  const opened = async (address: string, within = context) => {
    const one = await within.newPage();
    one.setDefaultTimeout(30_000);
    one.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      return dialog.dismiss();
    });
    await one.goto(address);
    return one;
  };
  const films = (of: Page) => of.getByRole('region', { name: '60 rows' });
  const column = (of: Page, place: number) =>
    films(of).locator(`tbody td:nth-child(${place})`).allTextContents();
  const look = (of: Page, name: string) => of.screenshot({ path: path.join(screenshots, name) });
  /** The notebook on disk once its last cell has run. */
  const savedWithOutputs = async () => {
    while (!isSaved(notebook)) {
      await choose('File', 'Save Notebook');
      await delay(1000);
    }
    return readNotebook(notebook);
  };
  const choose = async (...way: readonly string[]) => {
    for (const name of way)
      await page
        .locator('.lm-Menu-itemLabel, .lm-MenuBar-itemLabel')
        .getByText(name, { exact: true })
        .click();
  };

  test('a click on a header sorts by numbers, another one the other way round, as the keyboard does', {
    timeout: 400_000,
  }, async () => {
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 240_000 });
    await choose('Run', 'Run All Cells');
    const header = films(page).getByRole('columnheader', { name: 'seen' });
    await header.getByRole('button').click({ timeout: 120_000 });
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    const rising = (await column(page, 2)).map(Number);
    assert.deepEqual(
      rising,
      [...rising].sort((a, b) => a - b),
    );
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.deepEqual((await column(page, 2)).map(Number), [...rising].reverse());
    await look(page, 'light.png');
  });

  test('a button puts LaTeX on the clipboard', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'LaTeX' }).first().click();
    await page.getByText('LaTeX copied').waitFor();
    assert.match(
      await page.evaluate<string>('navigator.clipboard.readText()'),
      /^\\begin\{table\}.*Film 59/s,
    );
  });

  test('an error says the line of its cell, and its places in the library open there', async () => {
    const said = page.locator(STDERR).last();
    await said.getByText('in cell [8], line 2: groupByUser(undefined as never, []);').waitFor();
    await said.scrollIntoViewIfNeeded();
    await look(page, 'error.png');
    await said.getByRole('link', { name: /^\.\/lib\/metrics\/bootstrap\.ts:\d+:\d+$/ }).click();
    await page.locator('.lm-TabBar-tab.lm-mod-current', { hasText: 'bootstrap.ts' }).waitFor();
    await look(page, 'place.png');
    await page.locator('.lm-TabBar-tab', { hasText: 'shown.ipynb' }).first().click();
  });

  test('where the clipboard is refused the text is selected', async () => {
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))");
    await page.getByRole('button', { name: 'CSV' }).first().click();
    await page.getByText('Selected: press Ctrl+C').waitFor();
    assert.match(await page.evaluate<string>('document.getSelection().toString()'), /^film,seen\nFilm 0,0\n/);
    await page.keyboard.press('Control+c');
    assert.match(
      await page.evaluate<string>('navigator.clipboard.readText()'),
      /^film,seen\r?\nFilm 0,0\r?\n/,
    );
  });

  test('in the dark it can be read as well', async () => {
    await choose('Settings', 'Theme', 'JupyterLab Dark');
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await look(page, 'dark.png');
  });

  test('a notebook that is not trusted shows every row, and runs nothing', { timeout: 300_000 }, async () => {
    const saved = await savedWithOutputs();
    const strange = path.join(folder, 'strange.ipynb');
    const added = { cell_type: 'markdown', id: 'other', metadata: {}, source: 'By someone else.' };
    fs.writeFileSync(strange, JSON.stringify({ ...saved, cells: [...saved.cells, added] }));
    const other = await opened(lab.open(strange));
    await other.getByText('Film 59').waitFor({ timeout: 60_000 });
    assert.equal(
      await other
        .locator('td')
        .filter({ hasText: /^Film \d+$/ })
        .count(),
      59,
    );
    assert.equal(await other.getByRole('button', { name: 'LaTeX' }).count(), 0);
    await look(other, 'untrusted.png');
    await other.close();
  });

  test('the workspace shows what cells have made, and what is freed no longer', {
    timeout: 60_000,
  }, async () => {
    const { cells } = await savedWithOutputs();
    const [before, after] = cells
      .slice(-3, -1)
      .map(({ outputs }: Cell) => outputs.map(({ data }) => String(data?.['text/plain'])).join('\n'));
    assert.match(before, /\| weights +\| weights +\| +1 arrays \| +32 \|/);
    assert.match(before, /\| films +\| array +\| +60 elements \|/);
    assert.match(before, /TensorFlow: tensors 0, .* Training: nothing\. Resident memory: \d+/);
    assert.doesNotMatch(after, /\| weights/);
  });

  test('an exported page sorts, and says the same without scripts', { timeout: 120_000 }, async () => {
    const { status, stderr } = spawnSync(
      inProject('.venv/bin/jupyter'),
      ['nbconvert', '--to', 'html', '--no-input', notebook],
      { encoding: 'utf8', env: jupyterEnvironment() },
    );
    assert.equal(status, 0, stderr);
    const address = `file://${notebook.replace('.ipynb', '.html')}`;
    const offline = await browser.newContext({ offline: true });
    const exported = await opened(address, offline);
    await films(exported).getByRole('button', { name: 'film' }).click();
    assert.equal((await column(exported, 1))[1], 'Film 0');
    await look(exported, 'exported.png');
    const still = await browser.newContext({ offline: true, javaScriptEnabled: false });
    const plain = await opened(address, still);
    assert.equal((await column(plain, 1)).length, 60);
    assert.equal((await column(plain, 1))[7], '<img src=x onerror=alert(1)></script>');
    await look(plain, 'without-scripts.png');
  });

  test('what is shown as text runs nowhere', () => assert.deepEqual(dialogs, []));
});
