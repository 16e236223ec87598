/** A sweep on a real Slurm of three nodes, undisturbed and disturbed; `npm run test:slurm` starts one and runs this beside it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { documentsOf } from '../../../lib/experiments/documents/results';
import { descendants, until } from '../../browser/processes';
import { folderWith } from '../../data/folders';
import { numbersOf } from '../runs/tinyRun';

const MAIN = path.resolve('lib/cli/main.js');
const QUESTION = ['--rq', 'rq1', '--preset', 'quick', '--seeds', '1'];
const CLUSTER = ['--on', 'slurm', '--jobs', '3', '--memory', '1500', '--minutes', '20'];

/** A sweep into a folder, and how it ended. */
function sweep(out: string, ...options: string[]) {
  const child = spawn(process.execPath, [MAIN, 'sweep', ...QUESTION, '--out', out, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { child, ended: once(child, 'close').then(([code]) => code as number) };
}

const slurm = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8' }).trim();
const running = () => slurm('squeue', '-h', '-t', 'R', '-o', '%i %N').split('\n').filter(Boolean);
const documents = (out: string) => (fs.existsSync(path.join(out, 'results')) ? documentsOf(out).length : 0);

/** Documents by their names, and their numbers. */
const numbers = (out: string) =>
  new Map(documentsOf(out).map((document) => [document.instances, numbersOf([document])[0]]));

/** Requires that every document is there, with the numbers of one machine. */
const requireSame = (out: string) => assert.deepEqual(numbers(out), numbers(alone));

const alone = folderWith({});

before(async () => assert.equal(await sweep(alone).ended, 0));

test('documents of a cluster are those of one machine, bit by bit', async () => {
  const out = folderWith({});
  assert.equal(await sweep(out, ...CLUSTER).ended, 0);
  requireSame(out);
});

test('a job that is cancelled and a node that is drained are made up for', async () => {
  const out = folderWith({});
  const { ended } = sweep(out, ...CLUSTER);
  await until(() => documents(out) >= 3 && running().length > 0, 600);
  const [job] = (running().at(-1) as string).split(' ');
  slurm('scancel', job);
  slurm('scontrol', 'update', 'NodeName=n3', 'State=DRAIN', 'Reason=test');
  const code = await ended;
  slurm('scontrol', 'update', 'NodeName=n3', 'State=RESUME');
  assert.equal(code, 0);
  requireSame(out);
});

test('a client that is killed with its engine is started again: nothing is computed twice', async () => {
  const out = folderWith({});
  const first = sweep(out, ...CLUSTER);
  await until(() => documents(out) >= 3 && running().length > 0, 600);
  const before = new Map(fs.readdirSync(path.join(out, 'results')).map((name) => [name, inode(out, name)]));
  for (const pid of [...descendants(first.child.pid as number), first.child.pid as number])
    process.kill(pid, 'SIGKILL');
  await first.ended;
  assert.equal(await sweep(out, ...CLUSTER).ended, 0);
  for (const [name, own] of before) assert.equal(inode(out, name), own, name);
  requireSame(out);
});

const inode = (out: string, name: string) => fs.statSync(path.join(out, 'results', name)).ino;
