/** What planned runs need besides time: memory of the process that trains the largest model, and room on the disk. */
import fs from 'node:fs';
import path from 'node:path';
import type { Planned } from '../../methods/experiment';
import { embeddingRows, type TrunkShape } from '../../model/trunk';
import { MOST_REMEMBERED } from '../../recipes/frozen';
import { type PretrainingSetting, pretrainingOf } from '../../recipes/settings';
import { MOST_SLOPES } from '../../tensorflow/ops/softmaxSum';
import { threads } from '../../tensorflow/threads';
import { pairsOf } from '../jobs/pairs';
import { trunksOf } from '../jobs/trunks';
import { availableMemory } from '../memory';
import { seedsOf } from '../session/session';
import type { Workbench } from '../workbench';

type Bench = Pick<Workbench, 'tasks' | 'preset' | 'out' | 'seeds'>;

/** Bytes: `memory` of one process, `disk` in OUT when all is done, the checkpoints of one training included. */
export type Needs = { readonly memory: number; readonly disk: number };

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** A process before it holds a model: Node, TensorFlow, the data, and what it remembers of frozen parts. */
const BASE = 2 ** 30 + MOST_REMEMBERED;
/** Weights, Adam's two moments, and gradients. */
const COPIES = 4;
/** A document with its rows and its patches, at most at the sizes of MovieLens. */
const DOCUMENT = 200_000;

/** Weights of a trunk: embedding, and kernels, biases and layer norms of two layers a block. */
function weightsOf(shape: TrunkShape): number {
  const { channels: k, kernel, dilations } = shape;
  return embeddingRows(shape) * k + 2 * dilations.length * (kernel * k * k + 3 * k);
}

/** Weights while a trunk is pre-trained: a softmax over all items on top of it. */
const pretrainingWeights = (shape: TrunkShape): number =>
  weightsOf(shape) + shape.items * (shape.channels + 1);

/** Values that a step keeps for its gradient: what each layer reads and leaves, and scores of the candidates. */
function activationsOf({ shape, budget, lengths, candidates }: PretrainingSetting): number {
  const positions = budget.batch * Math.max(...lengths);
  const table = (candidates ?? shape.items) * shape.channels;
  // Logits are never there at once; of the columns there are two copies, and slopes of each thread as far as they are kept.
  const slopes = Math.max(table, Math.min(threads * table, MOST_SLOPES));
  return positions * 4 * (2 * shape.dilations.length + 1) * shape.channels + 2 * table + slopes;
}

/** Of trunks, and of all documents that planned runs leave. */
export function needsOf(trunks: readonly PretrainingSetting[], documents: number, seeds: number): Needs {
  const sizes = trunks.map((trunk) => COPIES * pretrainingWeights(trunk.shape) + activationsOf(trunk));
  const largest = Math.max(0, ...trunks.map(({ shape }) => pretrainingWeights(shape)));
  const kept = trunks.reduce((sum, { shape }) => sum + weightsOf(shape), 0);
  return {
    memory: BASE + FLOAT * Math.max(0, ...sizes),
    // The new checkpoint lies beside the old one until it is whole, each of weights and moments.
    disk: FLOAT * (seeds * kept + 6 * largest) + documents * DOCUMENT,
  };
}

/** Of a training by both losses: what windows leave for the gradient, and labels as much again. */
const memoryOfBoth = (trunk: PretrainingSetting): number =>
  BASE + FLOAT * (COPIES * pretrainingWeights(trunk.shape) + 2 * activationsOf(trunk));

/** What the runs of a bench need. */
export function needsOn(bench: Bench, planned: readonly Planned[]): Needs {
  const { tasks, preset } = bench;
  const pairs = pairsOf(tasks, planned);
  const [trunks, seeds] = [trunksOf(preset, pairs), seedsOf(bench).length];
  const needs = needsOf(trunks, (pairs.length + trunks.length) * seeds, seeds);
  const joint = pairs.filter(
    ({ experiment }) => experiment.kind === 'baseline' && experiment.model === 'MTL',
  );
  const memory = joint.map(({ task }) => memoryOfBoth(pretrainingOf(task.source, preset, 'causal')));
  return { ...needs, memory: Math.max(needs.memory, ...memory) };
}

/** What there is: memory as far as the system or a cgroup leaves it to this process, and what is free under OUT. */
function thereIs(out: string): Needs {
  let folder = out;
  while (!fs.existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = fs.statfsSync(folder);
  return { memory: availableMemory(), disk: bavail * bsize };
}

/** A line for each thing that will not suffice, with what to try. */
export function shortages(needs: Needs, out: string, there = thereIs(out)): string[] {
  const lacking = (what: keyof Needs, where: string, remedy: string) =>
    needs[what] <= there[what]
      ? []
      : [
          `About ${gigabytes(needs[what])} of ${where} are needed, ${gigabytes(there[what])} are free: ${remedy}.`,
        ];
  return [
    ...lacking(
      'memory',
      'memory',
      'the system may end what trains. Try fewer `channels` or a smaller `batch` of `pretraining` in `budgets`, a smaller `length` of the tasks, or end other programs',
    ),
    ...lacking('disk', `disk under ${out}`, 'another --out, or fewer seeds, would suffice'),
  ];
}

/** The same of a cluster's jobs, which are given so many MB each; one that is ended for it is started again with more. */
export function shortageOfJobs(needs: Needs, megabytes: number): string[] {
  const asked = Math.ceil(needs.memory / 2 ** 20);
  return asked <= megabytes
    ? []
    : [`A job needs about ${asked} MB of memory and gets ${megabytes}: try --memory ${asked}.`];
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
