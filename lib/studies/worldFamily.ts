/**
 * The methods of the paper on a made-up world with structure, trained until they converge: does PeterRec come up to FineAll,
 * and does what learns beat what counts? The table is in sweep.md.
 *
 *     node --import tsx lib/studies/worldFamily.ts OUT
 *
 * One world, three seeds of split, order and initialisation. Results are left in OUT; a call that was stopped goes on there.
 */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { openDataset } from '../datasets/open';
import type { World } from '../datasets/synthetic/synthetic';
import type { Result } from '../documents/document';
import { answerClaims, better, type Claim, type Question } from '../evidence/claims';
import { headlineMetric } from '../evidence/headline';
import type { Experiment } from '../methods/experiment';
import { causal } from '../methods/family';
import { type Preset, presets } from '../methods/presets';
import { mostFrequentLabel } from '../methods/simpleOpponents';
import { opponents } from '../recipes/baselines';
import { run } from '../runs/run';
import { design, folderOf } from './worlds';

const world: World = { ...design.size, kind: 'structured', seed: 1 };

const { FineCLS, FineZero, FineAll, PeterZeroFrozen, PeterZeroAll, PeterRec } = causal;
const { NeuFM, DeepFM, MTL } = opponents;
const shared = [FineCLS, FineAll, PeterRec];
const all = [mostFrequentLabel, NeuFM, DeepFM, MTL, FineZero, PeterZeroFrozen, PeterZeroAll, ...shared];

/** What is run with a fifth of the labels, as where labels are rare, and what with all of them. */
const passes: readonly { readonly training: number; readonly methods: readonly Experiment[] }[] = [
  { training: 0.2, methods: all },
  { training: 1, methods: shared },
];

const COUNTED = ['Popularity', 'LabelCS'];
const learning = [NeuFM, DeepFM, MTL, PeterRec].map(({ method }) => method);
const questions: readonly Question[] = [
  better(PeterRec.method, FineAll.method),
  better(PeterRec.method, FineCLS.method),
  better(PeterRec.method, PeterZeroFrozen.method),
  better(PeterRec.method, PeterZeroAll.method),
  better(FineAll.method, FineZero.method),
  ...learning.flatMap((method) => COUNTED.map((counted) => better(method, counted))),
];

const tuning = {
  batch: 256,
  rates: { everything: 0.001, part: 0.005 },
  dropout: 0.5,
  evaluations: 5,
} as const;
const { pretraining } = design.preset;
const preset: Preset = {
  ...design.preset,
  channels: 64,
  pretraining: { ...pretraining, causal: { ...pretraining.causal, batch: 64, steps: 1500 } },
  recommend: { ...tuning, steps: 1000 },
  classify: { ...tuning, steps: 400 },
  baselines: presets.default.baselines,
};

function print(results: readonly Result[], claims: readonly Claim[]): void {
  const pairs = new Set(results.map(({ task, method }) => `${task}\t${method}`));
  for (const pair of pairs) {
    const [task, method] = pair.split('\t');
    const runs = results.filter((result) => result.task === task && result.method === method);
    const values = runs.map(({ metrics: { test } }) => test[headlineMetric(task, test)]);
    console.log(`${pair}\t${mean(values).toFixed(3)} ± ${sampleStandardDeviation(values).toFixed(3)}`);
  }
  for (const { task, first, second, difference, low, high, verdict } of claims) {
    const numbers = [difference, low, high].map((value) => value.toFixed(3)).join(' ');
    console.log(`${task}\t${first} > ${second}\t${numbers}\t${verdict}`);
  }
}

async function family(out: string): Promise<void> {
  const tasks = openDataset(folderOf(out, world)).tasks.filter(({ name }) => design.tasks.includes(name));
  for (const { training, methods } of passes) {
    const experiments = methods.map((experiment): Experiment => ({ ...experiment, training }));
    const { results } = await run({ out, data: 'structured', preset, experiments, tasks, seeds: 3 });
    console.log(`${100 * training} % of the labels`);
    print(results, answerClaims(out, results, questions));
  }
}

const [out] = process.argv.slice(2);
if (out) void family(out);
else console.error('worldFamily: expected a folder to leave results in');
