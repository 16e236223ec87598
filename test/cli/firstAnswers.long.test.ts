/** First answers while the other seeds are computed, killed between and within; and what is left in the end. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentsOf } from '../../lib/experiments/documents/store';
import { inProject, namesBelow } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { numbersOf } from '../experiments/runs/tinyRun';
import { writeTinyDataset } from '../notebooks/tinyDataset';

const SEEDS = 6;
const folder = folderWith({});
const data = path.join(folder, 'data');

function reproduce(out: string): ChildProcess {
  const options = ['--rq', 'rq1,rq2', '--data', data, '--preset', 'quick', '--seeds', String(SEEDS)];
  return spawn(process.execPath, [inProject('lib/cli/main.js'), 'reproduce', ...options, '--out', out], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a run says from now until its end, which must be a good one. */
async function ended(child: ChildProcess): Promise<string> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said);
  return said;
}

/** Kills a run, with all that it has started, as soon as something is so. */
async function killedWhen(child: ChildProcess, isSo: () => boolean): Promise<void> {
  child.stdout?.resume();
  child.stderr?.resume();
  const closed = once(child, 'close');
  while (!isSo() && child.exitCode === null) await sleep(10);
  assert.equal(child.exitCode, null, 'the run had ended before');
  process.kill(-(child.pid as number), 'SIGKILL');
  await closed;
}

const numbersIn = (out: string) =>
  numbersOf(documentsOf(out).sort((a, b) => (a.instances < b.instances ? -1 : 1)));

/** What the page and the notebooks leave; the page holds what the notebooks say. */
const PRODUCTS = ['index.html', 'figures', 'tables'];

/** The files among the products, with their content. */
const productsIn = (out: string): (readonly [string, string])[] =>
  namesBelow(out)
    .filter((name) => PRODUCTS.includes(name.split('/')[0]) && path.extname(name) !== '')
    .map((name) => [name, fs.readFileSync(path.join(out, name), 'base64')]);

test('killed between the first seed and the others, and while first answers are written, a run ends as one that was not', {
  timeout: 1_800_000,
}, async () => {
  writeTinyDataset(data);
  const [alone, killed] = ['alone', 'killed'].map((name) => path.join(folder, name));
  const page = path.join(killed, 'index.html');
  const pageNow = () => (fs.existsSync(page) ? fs.readFileSync(page, 'utf8') : '');

  await killedWhen(reproduce(killed), () => fs.existsSync(path.join(killed, 'provisional')));
  assert.equal(pageNow(), '');
  await killedWhen(reproduce(killed), () => pageNow() !== '');
  assert.match(pageNow(), new RegExp(`1 of ${SEEDS} seeds, provisional`));
  const [, figure] = /src="(provisional\/figures\/[^"]*)"/.exec(pageNow()) ?? [];
  assert.ok(figure && fs.existsSync(path.join(killed, figure)), figure);
  assert.ok(!fs.existsSync(path.join(killed, 'figures')));
  await ended(reproduce(killed));

  await ended(reproduce(alone));
  assert.deepEqual(numbersIn(killed), numbersIn(alone));
  assert.equal(fs.existsSync(path.join(killed, 'provisional')), false);
  assert.doesNotMatch(pageNow(), /provisional/);

  const before = productsIn(killed);
  for (const name of [...PRODUCTS, 'notebooks']) fs.rmSync(path.join(killed, name), { recursive: true });
  assert.doesNotMatch(await ended(reproduce(killed)), /First answers/);
  assert.deepEqual(productsIn(killed), before);
});
