/** Runs the small run in a folder, slowly, and writes the label of what it is at, step by step. */

import type { Progress } from '../../../lib/experiments/runs/progress';
import { run } from '../../../lib/experiments/runs/run';
import { both, options } from './tinyRun';

const [, , out, slowness, seeds = '2'] = process.argv;

const onProgress = ({ label, done }: Progress) => {
  if (done % 1 === 0 && !label.endsWith('by another run')) return;
  console.log(label);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(slowness)); // so that runs meet
};

void run({ ...options, seeds: Number(seeds), out, onProgress }, both);
