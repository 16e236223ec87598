/** A run of two experiments on both tasks, in seconds. */
import fs from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../lib/methods/experiment';
import type { RunOptions } from '../../lib/runs/work';
import { fineTuning, news, parity, preset } from '../recipes/tinyTasks';

export const counted: Experiment = { kind: 'most frequent', name: 'MostFrequent' };
export const options: Omit<RunOptions, 'out'> = {
  data: 'made-up',
  tasks: [news, parity],
  experiments: [counted, fineTuning('PeterRec')],
  preset,
  seeds: 1,
};

/** Every file of a run, with the time of its last change. */
export function files(out: string): Map<string, number> {
  const names = fs.readdirSync(out, { recursive: true, encoding: 'utf8' });
  const stats = names.map((name) => [name, fs.statSync(path.join(out, name))] as const);
  return new Map(stats.filter(([, stat]) => stat.isFile()).map(([name, stat]) => [name, stat.mtimeMs]));
}
