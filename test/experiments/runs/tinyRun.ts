/** A run of two experiments on both tasks, in seconds. */

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { CompletedRun } from '../../../lib/experiments/documents/completedRun';
import type { Result } from '../../../lib/experiments/documents/document';
import type { Experiment, Planned } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { untrained } from '../../../lib/experiments/opponents/opponents';
import type { RunOptions } from '../../../lib/experiments/runs/run';
import { news, parity, preset } from '../recipes/tinyTasks';

export const options: Omit<RunOptions, 'out'> = {
  data: 'made-up',
  tasks: [news, parity],
  preset,
  seeds: 1,
};

/** Experiments on all tasks. */
export const everywhere = (...experiments: readonly Experiment[]): Planned[] => [{ on: 'all', experiments }];

/** The most frequent label of each kind of task, and PeterRec. */
export const both = everywhere(...untrained, causal.PeterRec);

/** Every file of a run but for its event files, with the time of its last change. */
export function files(out: string): Map<string, number> {
  const names = fs
    .readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(^|\/)(events|locks)(\/|$)/.test(name));
  const stats = names.map((name) => [name, fs.statSync(path.join(out, name))] as const);
  return new Map(stats.filter(([, stat]) => stat.isFile()).map(([name, stat]) => [name, stat.mtimeMs]));
}

/** The same in order, without times. */
export const namesIn = (out: string): string[] => [...files(out).keys()].sort();

/** The numbers of documents, and the checksums of all that lies beside them: what two runs of one declaration have in common. */
export const numbersOf = (results: readonly Result[]) =>
  results.map(({ metrics, stoppedAt, startedFrom, left, curve, files }) => ({
    ...{ metrics, stoppedAt, startedFrom, left, files },
    curve: curve.map(({ seconds: _, ...point }) => point),
  }));

export const allNumbers = ({ results, pretraining }: CompletedRun) => numbersOf([...results, ...pretraining]);

/** Lines that the test says, which are not shown. */
export function quiet(t: TestContext): string[] {
  const said: string[] = [];
  t.mock.method(console, 'log', (line: string) => said.push(line));
  return said;
}

/** Runs `both` in a process of its own, with so many milliseconds a step; its lines are the labels of what it is at. */
export function runBeside(
  out: string,
  slowness: number,
  seeds = 2,
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const script = path.join(__dirname, 'runInProcess.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, out, String(slowness), String(seeds)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
}
