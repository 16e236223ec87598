/** A person at JupyterLab watches a training and stops it by the keyboard. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { inLab, missing, notebookOf } from './lab';

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
const bench = openBench(${JSON.stringify(parameters)});
const { pretrain } = bench.byHand;
const [task] = bench.tasks;`,
      "const pretrained = await pretrain(task, 'causal');",
    ]);
  });
  /** The picture below a cell, as JupyterLab draws it: an image with its source inside. */
  const pictureOf = async (cell: number) => {
    const image = sight.page.locator('.jp-CodeCell').nth(cell).locator('.jp-RenderedSVG img');
    return decodeURIComponent((await image.getAttribute('src')) ?? '');
  };
  const stepsNow = async () => Number(/ (\d+)\/200000 in /.exec(await pictureOf(1))?.[1] ?? 0);
  const pointsNow = async () =>
    (/<polyline points="([^"]*)"/.exec(await pictureOf(1))?.[1] ?? '').split(' ').length;
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
    await page.locator('.jp-RenderedSVG img').waitFor({ timeout: 120_000 });
    await passes(120);
    const points = await pointsNow();
    await passes(3500);
    assert.ok((await pointsNow()) > points);
    await page.getByText('TypeScript | Busy').waitFor();
    await sight.picture('light');
  });

  test('stopped by the keyboard it ends, and its picture stays', { timeout: 120_000 }, async () => {
    const { page } = sight;
    await page.locator('.jp-CodeCell .jp-InputPrompt').nth(1).click();
    await page.keyboard.press('i');
    await page.keyboard.press('i');
    await page.getByText('TypeScript | Idle').waitFor();
    assert.ok((await stepsNow()) > 3500);
    assert.equal(fs.existsSync(path.join(sight.folder, 'out', 'results')), false);
    await sight.picture('still');
  });
});
