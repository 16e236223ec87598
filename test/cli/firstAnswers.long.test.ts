/** First answers while the other seeds are computed, killed between and within; and what is left in the end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentsOf } from '../../lib/experiments/documents/results';
import { inProject, namesBelow } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { numbersOf } from '../experiments/runs/tinyRun';
import { writeTinyDataset } from '../notebooks/tinyDataset';
import { main } from './command';

const SEEDS = 6;
const folder = folderWith({});
const data = path.join(folder, 'data');

const argumentsOf = (out: string) => [
  ...['reproduce', '--rq', 'rq1,rq2', '--data', data, '--preset', 'quick'],
  ...['--seeds', String(SEEDS), '--out', out],
];

/** Runs to its end, which must be a good one, and returns what was said. */
function reproduce(out: string): string {
  const { status, stdout, stderr } = main(...argumentsOf(out));
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Kills a run, with all that it has started, as soon as something is so. */
async function killWhen(out: string, isSo: () => boolean): Promise<void> {
  const run = [inProject('lib/cli/main.js'), ...argumentsOf(out)];
  const child = spawn(process.execPath, run, { detached: true, stdio: 'ignore' });
  const closed = once(child, 'close');
  const pid = child.pid as number;
  while (!isSo() && child.exitCode === null) await sleep(10);
  assert.equal(child.exitCode, null, 'the run had ended before');
  process.kill(-pid, 'SIGKILL');
  await closed;
}

const numbersIn = (out: string) =>
  numbersOf(documentsOf(out).sort((a, b) => (a.instances < b.instances ? -1 : 1)));

/** Products of a run but for notebooks. */
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

  await killWhen(killed, () => fs.existsSync(path.join(killed, 'provisional')));
  assert.equal(pageNow(), '');
  await killWhen(killed, () => pageNow() !== '');
  assert.match(pageNow(), new RegExp(`1 of ${SEEDS} seeds, provisional`));
  const [, figure] = /src="(provisional\/figures\/[^"]*)"/.exec(pageNow()) ?? [];
  assert.ok(figure && fs.existsSync(path.join(killed, figure)), figure);
  assert.ok(!fs.existsSync(path.join(killed, 'figures')));
  reproduce(killed);

  reproduce(alone);
  assert.deepEqual(numbersIn(killed), numbersIn(alone));
  assert.equal(fs.existsSync(path.join(killed, 'provisional')), false);
  assert.doesNotMatch(pageNow(), /provisional/);

  const before = productsIn(killed);
  for (const name of [...PRODUCTS, 'notebooks']) fs.rmSync(path.join(killed, name), { recursive: true });
  assert.doesNotMatch(reproduce(killed), /First answers/);
  assert.deepEqual(productsIn(killed), before);
});
