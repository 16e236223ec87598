/** A run that is stopped at any step and started again ends as one that was never stopped. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { checksumOf } from '../../lib/files/sealed';
import type { Experiment } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { opponents } from '../../lib/methods/opponents';
import { run } from '../../lib/runs/run';
import type { Progress } from '../../lib/runs/session/session';
import { inFolder, news, parity } from '../recipes/tinyTasks';
import { everywhere, files, numbersOf, options } from './tinyRun';

/** How often each run is stopped: at every step with a number that is large enough. */
const STOPS = Number(process.env.PETERREC_STOPS ?? 8);

type Case = {
  readonly experiments: readonly Experiment[];
  readonly tasks?: typeof options.tasks;
};

const cases: readonly (readonly [what: string, tried: Case])[] = [
  ['pre-training, PeterRec and a frozen trunk', { experiments: [causal.PeterRec, causal.FineCLS] }],
  ['a non-causal trunk', { experiments: [nonCausal.FineLast1], tasks: [news] }],
  ['opponents', { experiments: [opponents.NeuFM, opponents.BagOfItems, opponents.MTL] }],
];

/** Runs a case to its end, stopped at that report of progress if it comes to it. */
async function runCase(out: string, { experiments, ...own }: Case, stopAt = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  let reports = 0;
  const onProgress = (_: Progress) => {
    if (++reports === stopAt) stop.abort(new Error('stopped'));
  };
  const ran = await run(
    { ...options, ...own, out, onProgress, signal: stop.signal },
    everywhere(...experiments),
  );
  return { numbers: numbersOf([...ran.results, ...ran.pretraining]), reports };
}

for (const [what, tried] of cases) {
  test(`${what}: stopped and gone on with, the numbers are those of one run`, () =>
    inFolder(async (out) => {
      const whole = await runCase(path.join(out, 'whole'), tried);
      let goneOn = 0;
      const every = Math.ceil(whole.reports / STOPS);
      for (let stopAt = 1; stopAt < whole.reports; stopAt += every) {
        const own = path.join(out, String(stopAt));
        // After the last step of the last training there is nothing to stop.
        await runCase(own, tried, stopAt).catch(({ message }) => assert.equal(message, 'stopped'));
        if (fs.existsSync(path.join(own, 'checkpoints'))) goneOn++;
        const { numbers } = await runCase(own, tried);
        assert.deepEqual(numbers, whole.numbers, `stopped at report ${stopAt}`);
        assert.deepEqual([...files(own).keys()].sort(), [...files(path.join(out, 'whole')).keys()].sort());
      }
      assert.ok(goneOn > 0);
    }));
}

test('a training that is gone on with takes only the steps that are left', () =>
  inFolder(async (out) => {
    const tried = { experiments: [causal.FineZero], tasks: [parity] };
    const whole = await runCase(path.join(out, 'whole'), tried);
    await assert.rejects(runCase(path.join(out, 'own'), tried, 3), /stopped/);
    const rest = await runCase(path.join(out, 'own'), tried);
    assert.equal(rest.reports, whole.reports - 3);
  }));

/** Stops a run within a training and does something to what it left. */
async function stoppedThen(out: string, change: (file: string) => void): Promise<void> {
  const tried = { experiments: [causal.FineZero], tasks: [parity] };
  const whole = await runCase(path.join(out, 'whole'), tried);
  const own = path.join(out, 'own');
  await assert.rejects(runCase(own, tried, 3), /stopped/);
  const folder = path.join(own, 'checkpoints');
  for (const name of fs.readdirSync(folder)) change(path.join(folder, name));
  const rest = await runCase(own, tried);
  assert.equal(rest.reports, whole.reports);
  assert.deepEqual(rest.numbers, whole.numbers);
}

const quiet = (t: TestContext) => t.mock.method(console, 'log', () => undefined);

for (const ending of ['.json', '.safetensors']) {
  test(`a checkpoint whose ${ending} file is damaged is set aside, and the training starts anew`, (t) =>
    inFolder(async (out) => {
      const warned = quiet(t);
      await stoppedThen(out, (file) => {
        if (!file.endsWith(ending)) return;
        const content = fs.readFileSync(file);
        content[content.length >> 1] ^= 1;
        fs.writeFileSync(file, content);
      });
      assert.equal(warned.mock.callCount(), 1);
    }));
}

type Circumstances = { readonly environment: object; readonly startedFrom?: string };
const ELSEWHERE: readonly (readonly [string, (here: Circumstances) => Circumstances])[] = [
  ['in another environment', (here) => ({ ...here, environment: { ...here.environment, threads: 99 } })],
  ['on another trunk', (here) => ({ ...here, startedFrom: 'another' })],
];
for (const [where, change] of ELSEWHERE) {
  test(`a checkpoint that was left ${where} is not gone on from`, () =>
    inFolder(async (out) => {
      await stoppedThen(out, (file) => {
        if (!file.endsWith('.json')) return;
        const { checksum: _, files: beside, ...content } = JSON.parse(fs.readFileSync(file, 'utf8'));
        content.values.circumstances = change(content.values.circumstances);
        const written = { ...content, files: beside };
        const checksum = checksumOf(JSON.stringify(written));
        fs.writeFileSync(file, JSON.stringify({ ...written, checksum }));
      });
    }));
}
