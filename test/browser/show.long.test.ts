/** What cells show, as a reader meets it: in JupyterLab, in a notebook that nobody trusts, and in a page without scripts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { inProject } from '../../lib/setup/tools/project';
import { readNotebook } from '../notebooks/notebook';
import { inLab, isSaved, missing, notebookOf } from './lab';

const CELLS = [
  `import * as aq from 'arquero';
import { causal } from './lib/experiments/methods/family';
import { show } from './lib/notebook/show';`,
  `const films = Array.from({ length: 60 }, (_, i) => ({ film: i === 7 ? '<img src=x onerror=alert(1)></script>' : \`Film \${i}\`, seen: (37 * i) % 101 }));
await show(aq.from(films));`,
  'await show([causal.PeterRec, causal.FineAll]);',
  "import { groupByUser } from './lib/metrics/perUser';\ngroupByUser(undefined as never, []);",
];

/** What JupyterLab draws errors as. */
const STDERR =
  '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]';

describe('what cells show', { skip: missing() }, () => {
  const sight = inLab(() => notebookOf(CELLS));
  // JupyterLab keeps a copy of what it opens.
  after(() => fs.rmSync(inProject('lib/metrics/.ipynb_checkpoints'), { recursive: true, force: true }));

  const films = (of: Page) => of.getByRole('region', { name: '60 rows' });
  const column = (of: Page, place: number) =>
    films(of).locator(`tbody td:nth-child(${place})`).allTextContents();
  const choose = async (...way: readonly string[]) => {
    const items = sight.page.locator('.lm-Menu-itemLabel, .lm-MenuBar-itemLabel');
    for (const name of way) await items.getByText(name, { exact: true }).click();
  };
  /** The notebook on disk once its last cell has run. */
  const savedWithOutputs = async () => {
    while (!isSaved(sight.file)) {
      await choose('File', 'Save Notebook');
      await delay(1000);
    }
    return readNotebook(sight.file);
  };

  test('a table, a method and its choices show below their cells', { timeout: 400_000 }, async () => {
    const { page } = sight;
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 240_000 });
    await choose('Run', 'Run All Cells');
    await page.locator(STDERR).last().waitFor({ timeout: 120_000 });
    const seen = (await column(page, 2)).map(Number);
    assert.deepEqual(
      seen,
      Array.from({ length: 60 }, (_, i) => (37 * i) % 101),
    );
    await page.getByRole('columnheader', { name: 'FineAll' }).waitFor();
    await sight.picture('light');
  });

  test('an error says the line of its cell, and its places in the library open there', async () => {
    const { page } = sight;
    const said = page.locator(STDERR).last();
    await said.getByText('in cell [4], line 2: groupByUser(undefined as never, []);').waitFor();
    await said.getByRole('link', { name: /^\.\/lib\/metrics\/perUser\.ts:\d+:\d+$/ }).click();
    await page.locator('.lm-TabBar-tab.lm-mod-current', { hasText: 'perUser.ts' }).waitFor();
    await page.locator('.lm-TabBar-tab', { hasText: 'notebook.ipynb' }).first().click();
  });

  test('a notebook that is not trusted shows every row', { timeout: 300_000 }, async () => {
    const saved = await savedWithOutputs();
    const strange = path.join(sight.folder, 'strange.ipynb');
    const added = { cell_type: 'markdown', id: 'other', metadata: {}, source: 'By someone else.' };
    fs.writeFileSync(strange, JSON.stringify({ ...saved, cells: [...saved.cells, added] }));
    const other = await sight.open(strange);
    await other.getByText('Film 59').waitFor();
    const rows = other.locator('td').filter({ hasText: /^Film \d+$/ });
    assert.equal(await rows.count(), 59);
    await other.close();
  });

  test('an exported page says the same without scripts', { timeout: 120_000 }, async () => {
    const args = ['nbconvert', '--to', 'html', '--no-input', sight.file];
    const options = { encoding: 'utf8', env: jupyterEnvironment() } as const;
    const { status, stderr } = spawnSync(inProject('.venv/bin/jupyter'), args, options);
    assert.equal(status, 0, stderr);
    const address = `file://${sight.file.replace('.ipynb', '.html')}`;
    const still = await sight.browser.newContext({ offline: true, javaScriptEnabled: false });
    const plain = await column(await sight.open(address, still), 1);
    assert.equal(plain.length, 60);
    assert.equal(plain[7], '<img src=x onerror=alert(1)></script>');
    assert.deepEqual(sight.dialogs, []); // what is shown as text runs nowhere
  });
});
