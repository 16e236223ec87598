/** Memory that planned runs need in the process that trains the largest model. */
import { splitInstances } from '../../../data/tasks/split';
import type { Task } from '../../../data/tasks/tasks';
import { MOST_SLOPES } from '../../../engine/ops/softmaxSum';
import { threads } from '../../../engine/threads';
import { layerCount, type TrunkShape, weightsOf } from '../../../model/trunks/trunk';
import { MOST_REMEMBERED } from '../../recipes/frozen';
import type { MtlRecord, TrainingRecord, TrunkRecord } from '../../records/record';
import { shapeIn } from '../../records/trunks';
import type { Job } from '../../resolve/resolve';
import { availableMemory } from '../../workbench/folder';
import type { Tasks } from '../data';

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

type OnSource = TrunkRecord | MtlRecord;

/** Values that a step keeps for its gradient: inputs and outputs of layers, and scores of the candidates. */
function activationsOf(record: OnSource): number {
  const shape = shapeIn(record);
  const windows = record.kind === 'trunk' ? record.batch : record.sourceBatch;
  const share = 'halves' in record && record.halves ? 1.5 : 1;
  const positions = share * windows * Math.max(...record.lengths);
  const table = (record.sampledItems ?? shape.items) * shape.channels;
  // Two copies of the columns, and the slopes of each thread; logits are never there at once.
  const slopes = Math.max(table, Math.min(threads * table, MOST_SLOPES));
  return positions * 4 * (layerCount(shape) + 1) * shape.channels + 2 * table + slopes;
}

/** Bytes of a process that trains on a source; MTL keeps a batch of windows and one of labels. */
const memoryOf = (record: OnSource): number => {
  const batches = record.kind === 'trunk' ? 1 : 2;
  return BASE + FLOAT * (COPIES * pretrainingWeights(shapeIn(record)) + batches * activationsOf(record));
};

/** Scores of all labels for each user of the validation and test parts, which an evaluation holds. */
function scoresOf(task: Task): number {
  const { valid, test } = splitInstances(task, 1);
  return new Set([...valid, ...test].map((i) => task.instances[i].user)).size * task.labels.length;
}

const isOnSource = (record: TrainingRecord): record is OnSource =>
  record.kind === 'trunk' || (record.kind === 'opponent' && record.model === 'MTL');

/** Memory that the largest of these jobs needs. */
export function needsOf(jobs: readonly Job[], tasks: Tasks): Needs {
  const records = jobs.map(({ record }) => record);
  const sizes = records.filter(isOnSource).map(memoryOf);
  const wanted = new Set(records.flatMap((record) => (record.kind === 'trunk' ? [] : [record.task])));
  const scores = Math.max(0, ...tasks.filter(({ name }) => wanted.has(name)).map(scoresOf));
  return { memory: Math.max(BASE, ...sizes) + FLOAT * scores };
}

/** Says that memory will not suffice, with what to try. */
export function shortages({ memory }: Needs, free = availableMemory()): string[] {
  if (memory <= free) return [];
  const found = `About ${gigabytes(memory)} of memory are needed, ${gigabytes(free)} are free: the system may end what trains.`;
  return [`${found} Try fewer \`channels\`, or a smaller \`batch\` or \`length\`, in \`budgets\` and tasks.`];
}

/** Says that jobs of a cluster with so many MB each will not suffice. */
export function shortageOfJobs({ memory }: Needs, megabytes: number): string[] {
  const asked = Math.ceil(memory / 2 ** 20);
  if (asked <= megabytes) return [];
  return [`A job needs about ${asked} MB of memory and gets ${megabytes}: try --memory ${asked}.`];
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
