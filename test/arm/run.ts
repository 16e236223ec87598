/**
 * `npm run test:arm`: on an emulated ARM64 machine the kernels against TensorFlow's ops, the golden cases, and a run of all trunks and RQ1
 * that is killed and resumed, whose numbers are those of this machine up to rounding.
 */
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { folderWith } from '../data/folders';
import { armMachine, here, type Machine, Unavailable } from './machine';

const FILES = ['engine/kernels', 'engine/ops', 'golden/layers', 'golden/trajectory', 'golden/torchTrunks'];
const [KILLS, STEPS_OF_A_LIFE] = [3, 40];

/** The lines of a program to its end, or undefined if it is killed at so many. */
async function live(machine: Machine, module: string, out: string, most = Infinity) {
  const child = machine(module, [out]);
  const lines: string[] = [];
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    if (lines.push(line) === most) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return child.signalCode === 'SIGKILL' ? undefined : lines;
}

const failed: string[] = [];
let passed = 0;
function judge(isRight: boolean, what: string): void {
  if (isRight) passed++;
  else failed.push(what);
  console.log(`${isRight ? 'ok' : 'not ok'}: ${what}`);
}

async function testFile(arm: Machine, file: string): Promise<void> {
  const lines = (await live(arm, `test/${file}.test.ts`, '')) ?? [];
  const counts = ['pass', 'fail', 'skipped'].map((what) =>
    lines.find((line) => line.startsWith(`# ${what} `)),
  );
  judge(/pass [1-9]\d*,.*fail 0,.*skipped 0/.test(counts.join()), `${file}: ${counts.join()}`);
}

const numbersIn = (lines: readonly string[] = []) =>
  [...(lines.at(-1) ?? '').matchAll(/"([^"]+)":(-?\d[^,}]*)/g)].map(
    ([, key, n]) => [key, Number(n)] as const,
  );

async function sameNumbers(arm: Machine): Promise<void> {
  const [module, out] = ['test/arm/numbers.ts', folderWith({})];
  const whole = numbersIn(await live(here, module, path.join(out, 'x86')));
  for (let kill = 0; kill < KILLS; kill++)
    judge(!(await live(arm, module, path.join(out, 'arm'), STEPS_OF_A_LIFE)), 'killed');
  const resumed = numbersIn(await live(arm, module, path.join(out, 'arm')));
  const apart = whole.map(([key, n], i) =>
    resumed[i]?.[0] === key ? Math.abs(n - resumed[i][1]) / Math.max(1, Math.abs(n)) : Infinity,
  );
  /** Rounding moves a loss; of a metric, which ties may turn, the third digit stays. */
  const [loss, metric] = [true, false].map((isLoss) =>
    Math.max(...apart.filter((_, i) => /loss$/i.test(whole[i][0]) === isLoss)),
  );
  const found = `${whole.length} numbers, losses within ${loss.toExponential(1)}, metrics within ${metric.toExponential(1)}`;
  judge(whole.length === resumed.length && loss < 1e-5 && metric < 5e-4, `five trunks and RQ1: ${found}`);
}

async function testArm(): Promise<void> {
  const start = performance.now();
  const arm = armMachine();
  const files = async () => {
    for (const file of FILES) await testFile(arm, file);
  };
  await Promise.all([sameNumbers(arm), files()]);
  console.log(
    `${((performance.now() - start) / 60_000).toFixed(1)} minutes\n${passed} passed, ${failed.length} failed`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

testArm().catch((error) => {
  if (!(error instanceof Unavailable)) throw error;
  console.log(`ARM is skipped: ${error.message}\n0 passed, 0 failed, 1 skipped`);
});
