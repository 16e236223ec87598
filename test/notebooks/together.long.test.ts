/** Two notebooks and two commands at once on one folder, one of them killed: each document is computed once, and all are valid. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { documentsOf } from '../../lib/documents/store';
import { plannedOf } from '../../lib/questions/planned';
import { planOf, unitsOf } from '../../lib/runs/plan';
import { openWorkbench } from '../../lib/runs/workbench';
import { inProject, python } from '../../lib/setup/tools/project';
import { folderWith } from '../datasets/folders';
import { writeTinyDataset } from './tinyDataset';

const QUESTIONS = ['rq1', 'rq2'];

test('two notebooks and two commands on one folder, one killed, compute each document once', {
  timeout: 1_200_000,
}, async (t) => {
  const folder = folderWith({});
  const [data, out] = [path.join(folder, 'data'), path.join(folder, 'out')];
  writeTinyDataset(data);
  const parameters = { data, preset: 'quick', seeds: 1, out, device: 'auto' };
  const started = (command: string, args: readonly string[]) =>
    spawn(command, args, { cwd: inProject(), env: jupyterEnvironment(), stdio: 'ignore', detached: true });
  const sweep = () =>
    started(process.execPath, [
      ...['lib/cli/main.js', 'sweep', '--rq', QUESTIONS.join(','), '--data', data, '--preset', 'quick'],
      ...['--seeds', '1', '--out', out],
    ]);
  const notebook = (name: string) => {
    const files = [[inProject(`notebooks/${name}.ipynb`), path.join(folder, `${name}.ipynb`)]];
    const job = JSON.stringify({ notebooks: files, parameters });
    return started(python, [inProject('lib/cli/jupyter/runNotebooks.py'), job]);
  };
  const writings = writingsIn(path.join(out, 'results'));
  const [victim, ...others] = [sweep(), sweep(), ...QUESTIONS.map(notebook)];
  t.after(() => others.forEach(killGroup));
  const ended = others.map(codeOf);
  await writings.first();
  killGroup(victim);
  assert.deepEqual(await Promise.all(ended), [0, 0, 0]);
  writings.end();
  const bench = openWorkbench(parameters);
  const units = unitsOf(planOf(bench, (await plannedOf(QUESTIONS)).planned));
  assert.equal(documentsOf(out).length, units.length);
  assert.deepEqual(
    [...writings.seen].filter(([, times]) => times.size > 1).map(([name]) => name),
    [],
  );
  assert.ok(writings.seen.size > units.length / 2, 'looked too seldom to tell');
});

/** Ends a process with all that it has started. */
function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), 'SIGKILL');
  } catch {} // it has ended
}

async function codeOf(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit');
  return code;
}

/** Which documents appear in a folder, each told from one that was written later. */
function writingsIn(folder: string) {
  const seen = new Map<string, Set<string>>();
  const look = () => {
    if (!fs.existsSync(folder)) return;
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const stat = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
      if (stat) seen.set(name, (seen.get(name) ?? new Set()).add(`${stat.ino}/${stat.mtimeMs}`));
    }
  };
  const timer = setInterval(look, 20);
  const first = async () => {
    while (seen.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { seen, first, end: () => clearInterval(timer) };
}
