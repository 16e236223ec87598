/** What planned runs need besides time: memory of the process that trains the largest model, and room on the disk. */
import fs from 'node:fs';
import path from 'node:path';
import type { Planned } from '../../methods/experiment';
import { embeddingRows, type TrunkShape } from '../../model/trunk';
import { MOST_REMEMBERED } from '../../recipes/frozen';
import { type PretrainingSetting, pretrainingOf } from '../../recipes/settings';
import { MOST_SLOPES } from '../../tensorflow/ops/softmaxSum';
import { threads } from '../../tensorflow/threads';
import { availableMemory } from '../place';
import { pairsOf, trunksOf } from '../plan';
import { seedsOf } from '../session';
import type { Workbench } from '../workbench';

type Bench = Pick<Workbench, 'tasks' | 'preset' | 'out' | 'seeds'>;

/** Bytes: `memory` of one process, `disk` in OUT when all is done, the checkpoints of one training included. */
export type Needs = { readonly memory: number; readonly disk: number };

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** A process without a model: Node, TensorFlow, the data, and the cache of frozen parts. */
const BASE = 2 ** 30 + MOST_REMEMBERED;
/** Weights, Adam's two moments, and gradients. */
const COPIES = 4;
/** A document with its rows and its patches, at the sizes of MovieLens. */
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
  // Two copies of the columns, and the slopes of each thread; logits are never there at once.
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
    // The old checkpoint stays until the new one is whole: twice weights and both moments.
    disk: FLOAT * (seeds * kept + 6 * largest) + documents * DOCUMENT,
  };
}

/** What the runs of a bench need. A training by both losses keeps the activations of windows and of labels. */
export function needsOn(bench: Bench, planned: readonly Planned[]): Needs {
  const { tasks, preset } = bench;
  const pairs = pairsOf(tasks, planned);
  const [trunks, seeds] = [trunksOf(preset, pairs), seedsOf(bench).length];
  const needs = needsOf(trunks, (pairs.length + trunks.length) * seeds, seeds);
  const joint = pairs.filter(
    ({ experiment }) => experiment.kind === 'baseline' && experiment.model === 'MTL',
  );
  const memory = joint.map(({ task }) => {
    const trunk = pretrainingOf(task.source, preset, 'causal');
    return BASE + FLOAT * (COPIES * pretrainingWeights(trunk.shape) + 2 * activationsOf(trunk));
  });
  return { ...needs, memory: Math.max(needs.memory, ...memory) };
}

/** Free memory of this process, and free disk under OUT. */
function thereIs(out: string): Needs {
  let folder = out;
  while (!fs.existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = fs.statfsSync(folder);
  return { memory: availableMemory(), disk: bavail * bsize };
}

/** A line for each need that exceeds what is free, with what to try. */
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

/** The same for jobs of a cluster with so many MB each. */
export function shortageOfJobs(needs: Needs, megabytes: number): string[] {
  const asked = Math.ceil(needs.memory / 2 ** 20);
  return asked <= megabytes
    ? []
    : [`A job needs about ${asked} MB of memory and gets ${megabytes}: try --memory ${asked}.`];
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
