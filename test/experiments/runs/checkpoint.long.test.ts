/** A run that is stopped at any step and started again ends as one that was never stopped. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checksumOf } from '../../../lib/base/sealed';
import type { Experiment } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { vary } from '../../../lib/experiments/methods/vary';
import { opponents } from '../../../lib/experiments/opponents/opponents';
import { run } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { news, parity } from '../recipes/tinyTasks';
import { allNumbers, everywhere, namesIn, options, quiet } from './tinyRun';

/** How often each run is stopped: at every step with a number that is large enough. */
const STOPS = Number(process.env.PETERREC_STOPS ?? 8);

type Case = {
  readonly experiments: readonly Experiment[];
  readonly tasks?: typeof options.tasks;
  readonly preset?: typeof options.preset;
};

const { PeterRec } = causal;
const LoRA = vary(PeterRec, { trunk: 'SASRec', patches: { form: 'LoRA', rank: 2, alpha: 2 } });
const side = vary(PeterRec, { trunk: 'bidirectional SASRec', patches: { form: 'side network', ratio: 2 } });
const onItems = vary(PeterRec, { trunk: 'GRU', itemRank: 2 });
const sampled = { tasks: [news], preset: { ...options.preset, softmax: { fullUpTo: 5, candidates: 4 } } };
const cases: Readonly<Record<string, Case>> = {
  'pre-training, PeterRec and a frozen trunk': { experiments: [PeterRec, causal.FineCLS] },
  'a non-causal trunk': { experiments: [nonCausal.FineLast1], tasks: [news] },
  'SASRec with LoRA': { experiments: [LoRA], tasks: [news] },
  'SASRec on both sides with a side network': { experiments: [side], tasks: [news] },
  'a GRU, patches, and one on items': { experiments: [onItems], tasks: [parity] },
  opponents: { experiments: [opponents.NeuFM, opponents.BagOfItems, opponents.MTL] },
  'sampled softmax and row-wise Adam': { ...sampled, experiments: [PeterRec, opponents.DeepFM] },
};

/** Runs a case to its end, stopped at that report of progress if it comes to it. */
async function runCase(out: string, { experiments, ...own }: Case, stopAt = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  let reports = 0;
  const onProgress = () => {
    if (++reports === stopAt) stop.abort(new Error('stopped'));
  };
  const asked = { ...options, ...own, out, onProgress, signal: stop.signal };
  return { numbers: allNumbers(await run(asked, everywhere(...experiments))), reports };
}

for (const [what, tried] of Object.entries(cases)) {
  test(`${what}: stopped and resumed, the numbers are those of one run`, async () => {
    const out = folderWith({});
    const whole = await runCase(path.join(out, 'whole'), tried);
    let resumed = 0;
    const every = Math.ceil(whole.reports / STOPS);
    for (let stopAt = 1; stopAt < whole.reports; stopAt += every) {
      const own = path.join(out, String(stopAt));
      // After the last step of the last training there is nothing to stop.
      await runCase(own, tried, stopAt).catch(({ message }) => assert.equal(message, 'stopped'));
      if (fs.existsSync(path.join(own, 'checkpoints'))) resumed++;
      const { numbers } = await runCase(own, tried);
      assert.deepEqual(numbers, whole.numbers, `stopped at report ${stopAt}`);
      assert.deepEqual(namesIn(own), namesIn(path.join(out, 'whole')));
    }
    assert.ok(resumed > 0);
  });
}

/** Changes one byte in the middle of a file. */
function damage(file: string): void {
  const content = fs.readFileSync(file);
  content[content.length >> 1] ^= 1;
  fs.writeFileSync(file, content);
}

type Circumstances = { readonly environment: object; readonly startedFrom?: string };

/** Rewrites a checkpoint as one of other circumstances. */
const elsewhere = (change: (here: Circumstances) => Circumstances) => (file: string) => {
  const { checksum: _, files: beside, ...content } = JSON.parse(fs.readFileSync(file, 'utf8'));
  content.values.circumstances = change(content.values.circumstances);
  const written = { ...content, files: beside };
  fs.writeFileSync(file, JSON.stringify({ ...written, checksum: checksumOf(JSON.stringify(written)) }));
};
const otherThreads = (here: Circumstances) => ({
  ...here,
  environment: { ...here.environment, threads: 99 },
});

/** What is done to which file of a checkpoint after three steps, how many need not be taken again, and lines that are said. */
const changes: readonly (readonly [string, string, (file: string) => void, saved: number, lines: number])[] =
  [
    ['that is sound: only the steps that are left', '.json', () => undefined, 3, 0],
    ['whose JSON is damaged: set aside, all steps', '.json', damage, 0, 1],
    ['whose arrays are damaged: set aside, all steps', '.safetensors', damage, 0, 1],
    ['of another environment: all steps', '.json', elsewhere(otherThreads), 0, 0],
    [
      'on another trunk: all steps',
      '.json',
      elsewhere((here) => ({ ...here, startedFrom: 'another' })),
      0,
      0,
    ],
  ];
for (const [what, ending, change, saved, lines] of changes) {
  test(`from a checkpoint ${what}, and the same numbers`, async (t) => {
    const out = folderWith({});
    const said = quiet(t);
    const tried = { experiments: [causal.FineZero], tasks: [parity] };
    const whole = await runCase(path.join(out, 'whole'), tried);
    const own = path.join(out, 'own');
    await assert.rejects(runCase(own, tried, 3), /stopped/);
    const folder = path.join(own, 'checkpoints');
    for (const name of fs.readdirSync(folder)) if (name.endsWith(ending)) change(path.join(folder, name));
    const rest = await runCase(own, tried);
    assert.deepEqual([rest.reports, said.length], [whole.reports - saved, lines]);
    assert.deepEqual(rest.numbers, whole.numbers);
  });
}
