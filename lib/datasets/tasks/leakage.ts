import { UserError } from '../../userError';
import { evaluationNegatives } from './negatives';
import { pretrainedOn, type Source } from './source';
import { type Split, splitInstances } from './split';
import type { Task } from './tasks';

/**
 * Checks that no answer can be read off the input, over all rows of millions of users.
 * A violation is a UserError that names the first rows and counts them all.
 */

/** Rows that a message names. */
const SHOWN = 5;

/** Collects violations; only the first are kept as text. */
interface Leaks {
  readonly shown: string[];
  count: number;
}

type Report = (row: () => string) => void;

function refuse(where: string, check: (report: Report) => void): void {
  const leaks: Leaks = { shown: [], count: 0 };
  check((row) => {
    if (leaks.count++ < SHOWN) leaks.shown.push(row());
  });
  if (leaks.count === 0) return;
  const more = leaks.count > SHOWN ? `; ${leaks.count - SHOWN} more` : '';
  throw new UserError(`leakage in ${where}: ${leaks.shown.join('; ')}${more}`);
}

/** The seeds for which a task, which nobody changes, was found to give nothing away. */
const found = new WeakMap<Task, Set<number>>();

/** Everything about a task and a seed that can be checked before anything is trained; once for each. */
export function requireNoLeak(task: Task, seed: number): void {
  const seeds = found.get(task) ?? new Set();
  if (seeds.has(seed)) return;
  requireNothingGiven(task, seed);
  found.set(task, seeds.add(seed));
}

function requireNothingGiven(task: Task, seed: number): void {
  const split = splitInstances(task, seed);
  for (const source of new Set([task.source, pretrainedOn(task.source)]))
    requireNoTargetInSource(source, [task]);
  requireDisjointParts(task, split);
  if (task.kind === 'classify') return;
  const evaluated = [...split.valid, ...split.test];
  requireUnknownNegatives(task, evaluated, (index) => evaluationNegatives(task, [index], seed)[0]);
}

/**
 * No target item of a task stands in a source sequence: neither in one that it reads nor, since a trunk is pre-trained
 * on all of them, in that of any other user of the source.
 */
export function requireNoTargetInSource(source: Source, tasks: readonly Task[]): void {
  for (const { name, kind, labels } of tasks) {
    if (kind === 'classify') continue;
    const isTarget = new Set(labels);
    const leaking = Uint8Array.from(['', ...source.items], (id) => (isTarget.has(id) ? 1 : 0));
    if (!leaking.includes(1)) continue;
    refuse(`task ${name}`, (report) => {
      source.sequences.forEach((sequence, user) => {
        for (const id of sequence) {
          if (leaking[id] === 1)
            report(
              () =>
                `target item ${source.items[id - 1]} in the source sequence of user ${source.users[user]}`,
            );
        }
      });
    });
  }
}

const PARTS = ['train', 'valid', 'test'] as const;

/** No pair of user and label stands in two parts of the split. */
export function requireDisjointParts({ name, source, labels, instances }: Task, split: Split): void {
  const keys = new Float64Array(PARTS.reduce((sum, part) => sum + split[part].length, 0));
  let row = 0;
  PARTS.forEach((part, p) => {
    for (const index of split[part]) {
      const { user, label } = instances[index];
      keys[row++] = PARTS.length * (user * labels.length + label) + p;
    }
  });
  keys.sort();
  refuse(`task ${name}`, (report) => {
    for (row = 1; row < keys.length; row++) {
      const pair = Math.floor(keys[row] / PARTS.length);
      if (keys[row] === keys[row - 1] || pair !== Math.floor(keys[row - 1] / PARTS.length)) continue;
      const [before, part] = [keys[row - 1], keys[row]].map((key) => PARTS[key % PARTS.length]);
      const user = source.users[Math.floor(pair / labels.length)];
      report(() => `user ${user} label ${labels[pair % labels.length]} in ${before} and ${part}`);
    }
  });
}

/** No instance is ranked against another known target of its user; `negativesOf` gives what index is ranked against. */
export function requireUnknownNegatives(
  task: Task,
  evaluated: readonly number[],
  negativesOf: (index: number) => Int32Array,
): void {
  refuse(`task ${task.name}`, (report) => {
    for (const index of evaluated) {
      const known = task.known[task.instances[index].user];
      for (const negative of negativesOf(index)) {
        if (known.includes(negative))
          report(() => `negative ${task.labels[negative]} of ${pairName(task, index)} is a known target`);
      }
    }
  });
}

function pairName({ source, labels, instances }: Task, index: number): string {
  const { user, label } = instances[index];
  return `user ${source.users[user]} label ${labels[label]}`;
}
