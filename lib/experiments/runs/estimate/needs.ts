/** Memory that planned runs need in the process that trains the largest model. */

import { splitInstances } from '../../../data/tasks/split';
import type { Task } from '../../../data/tasks/tasks';
import { MOST_SLOPES } from '../../../engine/ops/softmaxSum';
import { threads } from '../../../engine/threads';
import { layerCount, type TrunkShape, weightsOf } from '../../../model/trunks/trunk';
import type { Planned } from '../../methods/experiment';
import { MOST_REMEMBERED } from '../../recipes/frozen';
import { type PretrainingSetting, pretrainingOf } from '../../recipes/settings';
import { pairsOf, trunksOf } from '../pairs';
import { availableMemory } from '../place';
import type { Workbench } from '../workbench';

/** Bytes. */
export type Needs = { readonly memory: number };

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** A process without a model: Node, TensorFlow, the data, and the cache of frozen parts. */
const BASE = 2 ** 30 + MOST_REMEMBERED;
/** Weights, Adam's two moments, and gradients; the best state so far, and a better one while it takes its place. */
const COPIES = 6;

/** Weights while a trunk is pre-trained: its own, and a softmax over all items. */
const pretrainingWeights = (shape: TrunkShape): number =>
  weightsOf(shape) + shape.items * (shape.channels + 1);

/** Values that a step keeps for its gradient: inputs and outputs of layers, and scores of the candidates. */
function activationsOf({ shape, budget, lengths, candidates }: PretrainingSetting): number {
  const positions = budget.batch * Math.max(...lengths);
  const table = (candidates ?? shape.items) * shape.channels;
  // Two copies of the columns, and the slopes of each thread; logits are never there at once.
  const slopes = Math.max(table, Math.min(threads * table, MOST_SLOPES));
  return positions * 4 * (layerCount(shape) + 1) * shape.channels + 2 * table + slopes;
}

/** Bytes of a process that pre-trains a trunk, with the activations of so many batches. */
const memoryOf = (trunk: PretrainingSetting, batches = 1): number =>
  BASE + FLOAT * (COPIES * pretrainingWeights(trunk.shape) + batches * activationsOf(trunk));

/** Scores of all labels for each user of the validation and test parts, which an evaluation holds. */
function scoresOf(task: Task): number {
  const { valid, test } = splitInstances(task, 1);
  return new Set([...valid, ...test].map((i) => task.instances[i].user)).size * task.labels.length;
}

/** What the runs of a bench need; MTL keeps a batch of windows and one of labels. */
export function needsOn(
  { tasks, preset }: Pick<Workbench, 'tasks' | 'preset'>,
  planned: readonly Planned[],
): Needs {
  const pairs = pairsOf(tasks, planned);
  const joint = pairs.filter(({ experiment: one }) => one.kind === 'baseline' && one.model === 'MTL');
  const sizes = [
    ...trunksOf(preset, pairs).map((trunk) => memoryOf(trunk)),
    ...joint.map(({ task }) => memoryOf(pretrainingOf(task.source, preset, 'causal'), 2)),
  ];
  const scores = Math.max(0, ...[...new Set(pairs.map(({ task }) => task))].map(scoresOf));
  return { memory: Math.max(BASE, ...sizes) + FLOAT * scores };
}

/** Says that memory will not suffice, with what to try. */
export function shortages({ memory }: Needs, free = availableMemory()): string[] {
  if (memory <= free) return [];
  const found = `About ${gigabytes(memory)} of memory are needed, ${gigabytes(free)} are free: the system may end what trains.`;
  return [`${found} Try fewer \`channels\`, or a smaller \`batch\` or \`length\`, in \`budgets\` and tasks.`];
}

/** The same for jobs of a cluster with so many MB each. */
export function shortageOfJobs({ memory }: Needs, megabytes: number): string[] {
  const asked = Math.ceil(memory / 2 ** 20);
  if (asked <= megabytes) return [];
  return [`A job needs about ${asked} MB of memory and gets ${megabytes}: try --memory ${asked}.`];
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
