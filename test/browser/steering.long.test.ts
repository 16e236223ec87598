/** A person at JupyterLab watches a training, pauses it, leaves, comes back, and stops it by the keyboard. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { inLab, missing, notebookOf } from './lab';
import { until } from './processes';

/** Budgets that last until the user stops them. */
const long = { batch: 16, passes: 1e6, steps: 200_000, evaluations: 4000 };

describe('a training in JupyterLab', { skip: missing() }, () => {
  const sight = inLab((folder) => {
    const [data, out] = [path.join(folder, 'data'), path.join(folder, 'out')];
    writeTinyDataset(data);
    const budgets = { pretraining: { ...long, patience: 1e6 }, recommend: long, patience: 1e6 };
    const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto', budgets };
    return notebookOf([
      `import { openBench } from './lib/notebook/bench';
import { causal } from './lib/experiments/methods/family';
const bench = openBench(${JSON.stringify(parameters)});
const { pretrain, graft, tune } = bench.byHand;
const [task] = bench.tasks;`,
      "const pretrained = await pretrain(task, 'causal');",
      `const tuned = await tune(task, causal.PeterZeroFrozen, graft(task, causal.PeterZeroFrozen));
console.log(tuned.label, tuned.steered);`,
    ]);
  });
  const view = () => sight.page.locator('.trainings');
  const stepsNow = async () =>
    Number(/ (\d+)\/200000 in /.exec((await view().locator('text').allTextContents()).join('\n'))?.[1]);
  const pointsNow = async () =>
    ((await view().locator('polyline').first().getAttribute('points')) ?? '').split(' ').length;
  const passes = async (step: number) => {
    while ((await stepsNow()) <= step) await delay(50);
  };
  const runCell = async (i: number) => {
    await sight.page.locator('.jp-CodeCell .cm-content').nth(i).click();
    await sight.page.keyboard.press('Shift+Enter');
  };

  test('its curve moves below the cell, and the kernel is busy', { timeout: 400_000 }, async () => {
    const { page } = sight;
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 180_000 });
    await runCell(0);
    await runCell(1);
    await view().waitFor({ timeout: 120_000 });
    await passes(120);
    const points = await pointsNow();
    await passes(3500);
    assert.ok((await pointsNow()) > points);
    await page.getByText('TypeScript | Busy').waitFor();
    await sight.picture('light');
  });

  test('a click pauses it and lets it go on', { timeout: 120_000 }, async () => {
    await view().getByRole('button', { name: 'Pause' }).click();
    await view().getByRole('button', { name: 'Go on' }).waitFor();
    await delay(1500); // a picture may be under way
    const step = await stepsNow();
    await delay(1500);
    assert.equal(await stepsNow(), step);
    await view().getByRole('button', { name: 'Go on' }).click();
    await passes(step);
  });

  test('a tab that is closed while it trains and opened again shows the whole curve', {
    timeout: 180_000,
  }, async () => {
    const { page, file } = sight;
    await page.locator('.jp-CodeCell .cm-content').first().click();
    await page.keyboard.press('Control+s');
    await until(() => fs.readFileSync(file, 'utf8').includes('widget-view'), 20);
    const [points, step] = [await pointsNow(), await stepsNow()];
    await page.close();
    sight.page = await sight.open();
    await view().waitFor();
    await passes(step);
    assert.ok((await pointsNow()) >= points);
  });

  test('stopped by the keyboard it keeps what it has', { timeout: 120_000 }, async () => {
    const { page } = sight;
    await view().getByRole('button', { name: 'Stop and keep' }).focus();
    await page.keyboard.press('Enter');
    await view().getByRole('button').first().waitFor({ state: 'hidden' });
    await page.getByText('TypeScript | Idle').waitFor();
    assert.equal(fs.existsSync(path.join(sight.folder, 'out', 'results')), false);
  });

  test('in the end a picture stays, and what tune returns says that it was steered', {
    timeout: 180_000,
  }, async () => {
    const { page } = sight;
    await runCell(2);
    const cell = page.locator('.jp-CodeCell').nth(2);
    await cell.locator('.trainings').waitFor();
    await delay(3000);
    await cell.getByRole('button', { name: 'Stop and keep' }).click();
    await cell.locator('.jp-RenderedSVG img').waitFor();
    assert.equal(await cell.locator('.trainings').count(), 0);
    await cell.getByText(/PeterZero.* \(steered\) true/).waitFor();
    await sight.picture('still');
  });
});
