/** Judges verdicts on made-up worlds whose answers are known. */
import fs from 'node:fs';
import path from 'node:path';
import { openDataset } from '../../lib/data/open';
import { ageEst, coldRec1, coldRec2, genEst, lifeEst } from '../../lib/data/paper/tasks';
import type { World } from '../../lib/data/synthetic/synthetic';
import { worldName, writeWorld } from '../../lib/data/synthetic/syntheticFiles';
import type { Task } from '../../lib/data/tasks/tasks';
import { answerClaims, type Claim } from '../../lib/evidence/claims';
import { isSameQuestion, type Question } from '../../lib/evidence/questions';
import { codeFingerprint } from '../../lib/experiments/methods/code/code';
import type { Experiment, Planned } from '../../lib/experiments/methods/experiment';
import { causal } from '../../lib/experiments/methods/family';
import { isSame, type Method } from '../../lib/experiments/methods/identity';
import { type Preset, presets } from '../../lib/experiments/methods/presets';
import { untrained } from '../../lib/experiments/opponents/opponents';
import { type RunOptions, run, type Workers } from '../../lib/experiments/runs/run';
import * as rq1 from '../../lib/questions/rq1';
import * as rq2 from '../../lib/questions/rq2';
import * as rq3 from '../../lib/questions/rq3';
import { byLabels, type LabelKind, tuning, worldPreset } from './methodWorlds';

/** How a world is made, or what the labels of a structured one say. */
export type WorldKind = World['kind'] | LabelKind;

/** Steps in every world. */
export type Design = {
  readonly kinds: readonly WorldKind[];
  /** Makes the one task of a kind out of those of the structured world; absent: a world of each kind has its own. */
  readonly labelled?: (
    asked: Omit<RunOptions, 'tasks'>,
    tasks: readonly Task[],
    kind: WorldKind,
  ) => Promise<Task>;
  readonly size: Pick<World, 'users' | 'items' | 'length'>;
  readonly tasks: readonly string[];
  readonly planned: readonly Planned[];
  /** Families of claims, each with its own correction. */
  readonly asks: readonly (readonly Question[])[];
  readonly preset: Preset;
  /** The seeds of a world, given its own. */
  readonly seeds: (world: number) => number[];
  /** Whether a verdict contradicts the world. */
  readonly isWrong: (world: WorldKind, claim: Claim) => boolean;
  /** The share of the worlds of a kind that must be right throughout. */
  readonly required: number;
};

const experiments: readonly Experiment[] = [
  ...untrained,
  causal.FineZero,
  causal.FineAll,
  causal.PeterZeroFrozen,
  causal.PeterZeroAll,
  causal.PeterRec,
];

const isRun = (method: Method) => experiments.some((experiment) => isSame(experiment, method));

const once = { ...tuning, passes: 100, evaluations: 1 };
/**
 * In the structured world interests drive sequences, targets and labels: pre-training must help, and PeterRec must beat counting.
 * GenEst is left out: two classes are told apart without pre-training too. In the null world labels say nothing, and a method that
 * overfits less would truly be better: so no label is seen much more than once, in large batches. Chosen on the worlds of seeds 101
 * to 104.
 */
export const design: Design = {
  kinds: ['structured', 'null'],
  size: { users: 4000, items: 1000, length: 20 },
  tasks: [coldRec1, coldRec2, ageEst, lifeEst].map(({ name }) => name),
  planned: [{ on: 'all', experiments }],
  asks: [
    [...rq1.questions, ...rq3.questions, ...rq3.simpleQuestions].filter(
      ({ first, second }) => isRun(first) && isRun(second),
    ),
  ],
  seeds: (world) => [world],
  isWrong: (world, { verdict }) => (verdict === 'holds') !== (world === 'structured'),
  required: 0.95,
  preset: {
    ...worldPreset,
    recommend: { ...once, steps: 40 },
    classify: { ...once, steps: 15 },
  },
};

/**
 * RQ1 and RQ2 as their notebooks run and ask them, on as many users as MovieLens-100K has. A mistake is a claim of RQ1 that does not
 * hold in the structured world, or any that holds in the null world: what RQ2 asks has no known answer.
 */
export const atDefault: Design = {
  kinds: design.kinds,
  size: { users: 943, items: 1000, length: 60 },
  tasks: [coldRec1, coldRec2, genEst, ageEst, lifeEst].map(({ name }) => name),
  planned: [...rq1.runs, ...rq2.runs],
  asks: [...rq1.asks, ...rq2.asks],
  preset: presets.default,
  seeds: () => [1, 2, 3],
  isWrong: (world, claim) =>
    world === 'null'
      ? claim.verdict === 'holds'
      : claim.verdict === 'does not hold' &&
        rq1.asks.flat().some((question) => isSameQuestion(question, claim.question)),
  required: 0.85,
};

export const designs = { fast: design, default: atDefault, methods: byLabels } as const;

/** The verdicts of one world. */
export type Judged = {
  readonly world: WorldKind;
  readonly seed: number;
  readonly claims: readonly Claim[];
};

/** Claims whose verdict contradicts the world. */
export const wrongClaims = ({ world, claims }: Judged, { isWrong }: Design = design): Claim[] =>
  claims.filter((claim) => isWrong(world, claim));

/** Whether enough of the worlds of each kind have no wrong verdict. */
export function areRight(judged: readonly Judged[], by: Design = design): boolean {
  return [...new Set(judged.map(({ world }) => world))].every((kind) => {
    const alike = judged.filter(({ world }) => world === kind);
    return alike.filter((one) => wrongClaims(one, by).length === 0).length >= by.required * alike.length;
  });
}

/** Makes the world of a seed, runs the experiments on it and asks. `workersOn` compute missing documents; this process if absent. */
export async function judge(
  out: string,
  kind: WorldKind,
  seed: number,
  by: Design = design,
  {
    workersOn,
    ...watch
  }: Pick<RunOptions, 'onProgress' | 'signal'> & {
    readonly workersOn?: (tasks: readonly Task[]) => Workers;
  } = {},
): Promise<Judged> {
  const { size, planned, asks, preset, seeds, labelled } = by;
  const world: World = { ...size, kind: kind === 'null' ? 'null' : 'structured', seed };
  const { tasks: all } = openDataset(folderOf(out, world));
  const own = all.filter(({ name }) => by.tasks.includes(name));
  const asked = { out, data: worldName(world), preset, seeds: seeds(seed), ...watch };
  const tasks = labelled ? [await labelled(asked, own, kind)] : own;
  const options = { ...asked, tasks };
  const completed = await run(options, planned, workersOn?.(tasks));
  return { world: kind, seed, claims: asks.flatMap((questions) => answerClaims(completed, questions)) };
}

/** Fingerprint of the code that makes up data. */
const GENERATOR = codeFingerprint(['data/synthetic/syntheticFiles.ts']);

/** The folder of a world's data set, whose card is written last: a folder without one is made anew. */
export function folderOf(out: string, world: World): string {
  const folder = path.join(out, 'worlds', `${worldName(world)}-${GENERATOR}`);
  if (fs.existsSync(path.join(folder, 'dataset.json'))) return folder;
  fs.rmSync(folder, { recursive: true, force: true });
  writeWorld(world, folder);
  return folder;
}
