/** A person at JupyterLab watches a training, pauses it, changes its rate, leaves, comes back, and stops it by the keyboard. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumExecutable } from '../../lib/report/figure/browser';
import { inProject } from '../../lib/setup/tools/project';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { type Lab, missing, startLab, stopLab } from './lab';
import { until } from './processes';

/** How often the time from a click to what it does is taken. */
const CLICKS = 10;
const MILLISECONDS_ALLOWED = 200;

/** Budgets that last until a hand stops them. */
const long = { batch: 16, passes: 1e6, steps: 200_000, evaluations: 4000 };

function writeNotebook(file: string, data: string, out: string): void {
  const budgets = { pretraining: long, recommend: long, patience: 1e6 };
  const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto', budgets };
  const sources = [
    `import { openBench } from './lib/notebook/bench';
import { causal } from './lib/methods/family';
const bench = openBench(${JSON.stringify(parameters)});
const { pretrain, graft, tune } = bench.byHand;
const [task] = bench.tasks;`,
    "const pretrained = await pretrain(task, 'causal');",
    `const tuned = await tune(task, causal.PeterZeroFrozen, graft(task, causal.PeterZeroFrozen));
console.log(tuned.label, JSON.stringify(tuned.steered));`,
  ];
  const cells = sources.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell-${i}`, source },
    ...{ metadata: {}, outputs: [], execution_count: null },
  }));
  const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  fs.writeFileSync(file, JSON.stringify(notebook));
}

/** Clicks a button of a row and waits for a state of the row; milliseconds between the two, in the page itself. */
const clicked = (page: Page, button: string, state: string) =>
  page.evaluate(`new Promise((resolve) => {
    const row = document.querySelector('.trainings tbody tr');
    const start = performance.now();
    const look = () => row.dataset.state === ${JSON.stringify(state)} && resolve(performance.now() - start);
    new MutationObserver(look).observe(row, { attributes: true });
    [...row.querySelectorAll('button')].find(({ textContent }) => textContent === ${JSON.stringify(button)}).click();
  })`) as Promise<number>;

describe('a training in JupyterLab', { skip: missing() }, () => {
  fs.mkdirSync(inProject('figures/runs'), { recursive: true });
  const folder = fs.mkdtempSync(inProject('figures/runs/browser-test-'));
  const screenshots = fs.mkdtempSync(path.join(os.tmpdir(), 'steering-screenshots-'));
  const notebook = path.join(folder, 'steering.ipynb');
  const out = path.join(folder, 'out');
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  const openPage = async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(lab.open(notebook));
  };
  const stepsNow = async () =>
    Number((await page.locator('.trainings td').nth(2).textContent())?.split('/')[0]);
  const pointsNow = async () =>
    ((await page.locator('.trainings polyline').first().getAttribute('points')) ?? '').split(' ').length;
  const passes = async (step: number) => {
    while ((await stepsNow()) <= step) await delay(50);
  };
  const runCell = async (i: number) => {
    await page.locator('.jp-CodeCell .cm-content').nth(i).click();
    await page.keyboard.press('Shift+Enter');
  };
  const picture = (name: string) => page.screenshot({ path: path.join(screenshots, name) });
  const steered = () => {
    const place = path.join(out, 'steered');
    const names = fs.existsSync(place) ? fs.readdirSync(place) : [];
    const whole = names.filter((name) => name.endsWith('.json'));
    return whole.map((name) => ({ name, ...JSON.parse(fs.readFileSync(path.join(place, name), 'utf8')) }));
  };

  before(async () => {
    writeTinyDataset(path.join(folder, 'data'));
    writeNotebook(notebook, path.join(folder, 'data'), out);
    lab = await startLab(path.join(folder, 'lab'));
    browser = await chromium.launch({ executablePath: chromiumExecutable(), args: ['--no-sandbox'] });
    await openPage();
  });

  after(async () => {
    await picture('last.png').catch(() => undefined);
    await browser?.close();
    if (lab) await stopLab(lab);
    fs.rmSync(folder, { recursive: true });
    console.log(`Screenshots: ${screenshots}`);
  });

  test('its curve moves below the cell, and the kernel is busy', { timeout: 400_000 }, async () => {
    await page.getByText('TypeScript | Idle').waitFor({ timeout: 180_000 });
    await runCell(0);
    await runCell(1);
    await page.locator('.trainings tbody tr').waitFor({ timeout: 120_000 });
    await passes(120);
    const points = await pointsNow();
    await passes(3500);
    assert.ok((await pointsNow()) > points);
    await page.getByText('TypeScript | Busy').waitFor();
    await picture('light.png');
  });

  test('a click pauses it and lets it go on at once', {
    timeout: 120_000,
  }, async () => {
    const waits: number[] = [];
    while (waits.length < CLICKS) {
      waits.push(await clicked(page, 'Pause', 'paused'));
      const step = await stepsNow();
      await delay(waits.length === 1 ? 1500 : 100);
      assert.equal(await stepsNow(), step);
      waits.push(await clicked(page, 'Go on', 'training'));
      await passes(step);
    }
    waits.sort((a, b) => a - b);
    console.log(
      `From click to effect: median ${waits[CLICKS / 2].toFixed(0)} ms, worst ${waits[CLICKS - 1].toFixed(0)} ms`,
    );
    assert.ok(waits[Math.floor(CLICKS / 4)] <= MILLISECONDS_ALLOWED, waits.join()); // the slower ones measure the machine's load
  });

  test('a rate that is typed in holds, and the curve says that it is steered', {
    timeout: 60_000,
  }, async () => {
    const rate = page.getByRole('spinbutton', { name: 'Rate of pre-training' });
    await rate.fill('0.0005');
    await rate.press('Enter');
    await page.getByText('pre-training (steered)').waitFor();
    await page.getByRole('checkbox', { name: 'MRR@5' }).uncheck();
    await page.waitForFunction("!document.querySelector('.trainings svg').textContent.includes('MRR@5')");
    await page.getByRole('checkbox', { name: 'MRR@5' }).check();
    await page.waitForFunction("document.querySelector('.trainings svg').textContent.includes('MRR@5')");
  });

  test('a tab that is closed while it trains and opened again shows the whole curve', {
    timeout: 180_000,
  }, async () => {
    await page.keyboard.press('Control+s'); // while a control has the focus
    await until(() => fs.readFileSync(notebook, 'utf8').includes('widget-view'), 20);
    const [points, step] = [await pointsNow(), await stepsNow()];
    await page.close();
    await openPage();
    await page.locator('.trainings tbody tr').waitFor();
    await passes(step);
    assert.ok((await pointsNow()) >= points);
    await picture('again.png');
  });

  test('stopped by the keyboard it keeps what it has, in a document of its own', {
    timeout: 120_000,
  }, async () => {
    await page.getByRole('button', { name: 'Stop and keep: pre-training (steered)' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.trainings tr[data-state=stopped]').waitFor();
    while (steered().length === 0) await delay(100);
    const [document] = steered();
    assert.deepEqual(
      document.steered.map(({ step: _, ...deed }: { step: number }) => deed),
      [{ rate: 0.0005 }, { stopped: true }],
    );
    assert.equal(document.curve.at(-1).step, document.steered[1].step);
    assert.equal(fs.existsSync(path.join(out, 'results')), false);
  });

  test('in the end a picture stays, also in the dark, and what tune returns says that it was steered', {
    timeout: 180_000,
  }, async () => {
    await page.getByRole('menuitem', { name: 'Settings', exact: true }).click();
    await page.getByText('Theme', { exact: true }).hover();
    await page.getByText('JupyterLab Dark', { exact: true }).click();
    await page.getByText('TypeScript | Idle').waitFor();
    await runCell(2);
    const cell = page.locator('.jp-CodeCell').nth(2);
    await cell.locator('.trainings tbody tr').waitFor();
    await delay(8000);
    await picture('dark.png');
    await cell.getByRole('button', { name: /^Stop and keep/ }).click();
    await cell.locator('.jp-RenderedSVG img').waitFor();
    assert.equal(await cell.locator('.trainings').count(), 0);
    await cell.getByText(/PeterZero.* \(steered\) \[\{"step":\d+,"stopped":true\}\]/).waitFor();
    await picture('still.png');
  });
});
