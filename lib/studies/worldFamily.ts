/**
 * The methods of the paper on a made-up world with structure, trained until they converge: does PeterRec come up to FineAll,
 * and does what learns beat what counts? The table is in tuning.md.
 *
 *     node --import tsx lib/studies/worldFamily.ts OUT
 *
 * One world, three seeds of split, order and initialisation. Results are left in OUT; a call that was stopped goes on there.
 */
import { openDataset } from '../datasets/open';
import type { World } from '../datasets/synthetic/synthetic';
import type { Result } from '../documents/document';
import { runsOf, withOthers } from '../documents/ran';
import { meanSd, tasksOf } from '../evidence/aggregate';
import { answerClaims, type Claim } from '../evidence/claims';
import { asked, better, type Question } from '../evidence/questions';
import type { Experiment } from '../methods/experiment';
import { causal } from '../methods/family';
import type { Method } from '../methods/identity';
import { opponents, untrained } from '../methods/opponents';
import { type Preset, presets } from '../methods/presets';
import { run } from '../runs/run';
import { UserError } from '../userError';
import { runStudy } from './study';
import { design, folderOf } from './worlds';

const { FineCLS, FineZero, FineAll, PeterZeroFrozen, PeterZeroAll, PeterRec } = causal;
const { NeuFM, DeepFM, MTL } = opponents;
const shared = [FineCLS, FineAll, PeterRec];
const learning = [NeuFM, DeepFM, MTL, PeterRec];

const amongShared = [better(PeterRec, FineAll), better(PeterRec, FineCLS)];
const amongAll = [
  ...amongShared,
  better(PeterRec, PeterZeroFrozen),
  better(PeterRec, PeterZeroAll),
  better(FineAll, FineZero),
  ...untrained.flatMap((counted) =>
    asked(
      counted.of,
      learning.map((method) => better(method, counted)),
    ),
  ),
];

type Pass = {
  readonly training: number;
  readonly experiments: readonly Experiment[];
  readonly questions: readonly Question[];
};

/** What is run with a fifth of the labels, as where labels are rare, and what with all of them. */
const passes: readonly Pass[] = [
  {
    training: 0.2,
    experiments: [...untrained, NeuFM, DeepFM, MTL, FineZero, PeterZeroFrozen, PeterZeroAll, ...shared],
    questions: amongAll,
  },
  { training: 1, experiments: shared, questions: amongShared },
];

const tuning = {
  batch: 256,
  rates: { everything: 0.001, part: 0.005 },
  dropout: 0.5,
  passes: 100,
  evaluations: 20,
} as const;
const { pretraining } = design.preset;
const long: Preset = {
  ...design.preset,
  channels: 64,
  pretraining: { ...pretraining, causal: { ...pretraining.causal, batch: 64, passes: 100, steps: 1500 } },
  recommend: { ...tuning, steps: 1000 },
  classify: { ...tuning, steps: 400 },
  baselines: presets.default.baselines,
};

/** The world, what is run in it, and where the lines go. */
export type Family = {
  readonly world: World;
  readonly tasks: readonly string[];
  readonly preset: Preset;
  readonly seeds: number;
  readonly print: (line: string) => void;
};

const full: Family = {
  world: { ...design.size, kind: 'structured', seed: 1 },
  tasks: design.tasks,
  preset: long,
  seeds: 3,
  print: console.log,
};

/** Each method on each task: mean and standard deviation over the seeds. */
function methodLines(results: readonly Result[]): string[] {
  return tasksOf(results).flatMap((task) =>
    withOthers([], results).flatMap((method) => {
      const runs = runsOf(results, task, method);
      if (runs.length === 0) return [];
      const found = meanSd(runs.map(({ metric, metrics: { test } }) => test[metric]));
      return [`${task}\t${method.label}\t${found.mean.toFixed(3)} ± ${found.sd.toFixed(3)}`];
    }),
  );
}

function claimLine({ task, question: { first, second }, difference, low, high, verdict }: Claim): string {
  const numbers = [difference, low, high].map((value) => value.toFixed(3)).join(' ');
  return `${task}\t${first.label} > ${second.label}\t${numbers}\t${verdict}`;
}

/** Runs the family in the world, and prints what its methods reach and which claims hold. */
export async function runFamily(
  out: string,
  { world, preset, seeds, print, ...named }: Family = full,
): Promise<void> {
  const tasks = openDataset(folderOf(out, world)).tasks.filter(({ name }) => named.tasks.includes(name));
  for (const { training, experiments, questions } of passes) {
    const learnt = <M extends Method>(method: M): M => ({ ...method, training });
    const planned = [{ on: 'all', experiments: experiments.map(learnt) } as const];
    const ran = await run({ out, data: 'structured', preset, tasks, seeds }, planned);
    const posed = questions.map(({ first, second, ...question }) => ({
      ...question,
      first: learnt(first),
      second: learnt(second),
    }));
    print(`${100 * training} % of the labels`);
    for (const line of methodLines(ran.results)) print(line);
    for (const claim of answerClaims(ran, posed)) print(claimLine(claim));
  }
}

async function worldFamily([out]: readonly string[]): Promise<void> {
  if (!out) throw new UserError('worldFamily: expected a folder to leave results in');
  await runFamily(out);
}

if (require.main === module) runStudy(worldFamily);
