/** Result of one experiment: a JSON document `<task>-<experiment>-<hash>-s<seed>.json` under OUT/results. */

import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  contentOf,
  Damaged,
  readBeside,
  readSealed,
  requireBeside,
  type Seal,
  setAside,
  writeSealed,
} from '../../base/sealed';
import { historyQuarters } from '../../data/tasks/history';
import { samplingOf } from '../../data/tasks/negatives';
import { instanceNumbers, userNumbers } from '../../data/tasks/numbers';
import type { Task } from '../../data/tasks/tasks';
import type { Metrics } from '../../metrics/metrics';
import { trunkNames } from '../../model/trunks/names';
import type { Outcome } from '../../training/evaluate';
import type { CurvePoint } from '../../training/fit';
import type { Method } from '../methods/identity';

/** Version of documents; older ones are computed again. */
export const SCHEMA = 3 as const;

const metrics: z.ZodType<Metrics> = z.record(z.string(), z.number());

const curvePoint: z.ZodType<CurvePoint> = z.object({
  step: z.number(),
  epoch: z.number(),
  seconds: z.number(),
  loss: z.number(),
  valid: metrics,
  test: metrics,
});

const parameterAccount = z
  .object({
    /** Every weight of the deployed model of this task. */
    total: z.number(),
    tuned: z.number(),
    /** tuned / what FineAll tunes on the same task, as in the caption of Table 3 */
    share: z.number(),
    /** Storage of one further task in float32: what it tunes and adds to its trunk, or all that it keeps. */
    perTaskBytes: z.number(),
  })
  .readonly();

export type ParameterAccount = z.infer<typeof parameterAccount>;

export const resultDocument = z
  .object({
    schema: z.literal(SCHEMA),
    data: z.string(),
    task: z.string(),
    /** The metric that the task is reported in. */
    metric: z.string(),
    /** Id; identifies the experiment together with `trunk`, `training` and `pretraining`. */
    experiment: z.string(),
    /** Label. */
    method: z.string(),
    trunk: z.enum([...trunkNames, 'none']),
    /** Shares of the training instances and of the users of pre-training, above 0 to 1. */
    training: z.number(),
    pretraining: z.number(),
    preset: z.string(),
    seed: z.number(),
    metrics: z.object({ test: metrics, valid: metrics }).readonly(),
    parameters: parameterAccount,
    curve: z.array(curvePoint).readonly(),
    /** The step after which the reported numbers were taken. */
    stoppedAt: z.number(),
    /** File name, beside this document, of a TSV with one row per test instance, or per held-out user of a trunk. */
    instances: z.string(),
    /** Checksum on the card of the trunk that it started from; with fused patches, a hash of it and of theirs. */
    startedFrom: z.string().optional(),
    /** Checksum on the card of the weights that it left. */
    left: z.string().optional(),
    seconds: z.number(),
    environment: z
      .object({
        versions: z.record(z.string(), z.string()).readonly(),
        device: z.string(),
        /** The model of the processor: its cache sizes decide the order of some sums. */
        processor: z.string().optional(),
        threads: z.number(),
        /** The instruction set of the project's kernels: another order of sums moves the last digits. */
        kernels: z.string().optional(),
        source: z.string(),
      })
      .readonly(),
    /** The experiment as it was declared, which the record was resolved from. */
    declared: z.unknown().optional(),
    /** The record: the hash in the file's name is taken of it. */
    declaration: z.record(z.string(), z.unknown()).readonly(),
    files: z.record(z.string(), z.string()).readonly(),
    checksum: z.string(),
  })
  .readonly();

export type Result = z.infer<typeof resultDocument>;

/** The experiment of a document, called by its own label. */
export const methodOf = (result: Result): Method => ({
  id: result.experiment,
  label: result.method,
  trunk: result.trunk,
  training: result.training,
  pretraining: result.pretraining,
});

/** `<task>-<experiment>-<hash>-s<seed>`: the name of a document, its rows and its weights, without ending. */
export const stemOf = ({
  task,
  experiment,
  hash,
  seed,
}: Pick<Result, 'task' | 'experiment' | 'seed'> & { readonly hash: string }) =>
  `${task}-${experiment}-${hash}-s${seed}`;
const fileOf = (out: string, stem: string, ending: string) => path.join(out, 'results', `${stem}.${ending}`);
/** The weights that an experiment leaves; by other endings their card and, beside a trunk, its vocabulary. */
export const modelFile = (out: string, stem: string, ending = 'safetensors') =>
  path.join(out, 'models', `${stem}.${ending}`);

/** One row of the TSV beside a document, or of the outcomes of a packed one. */
export type InstanceRow = Readonly<Record<string, string | number>>;

/** The name of a document without ending. */
export const nameIn = ({ instances }: Pick<Result, 'instances'>): string => instances.replace(/\.tsv$/, '');

const known = new Map<string, { readonly stamp: string; readonly document: Result | undefined }>();

/**
 * A document that passes a check of the files beside it; undefined, and set aside, if one of them is damaged. Cached until the
 * size or the time of a file changes: a run asks for each document several times.
 */
function checked(file: string, beside: readonly string[], check: (document: Result) => void) {
  const files = [file, ...beside];
  const stampNow = () =>
    files
      .map((name) => fs.statSync(name, { throwIfNoEntry: false, bigint: true }))
      .map((stat) => stat && `${stat.ino}/${stat.size}/${stat.mtimeNs}`)
      .join();
  const before = known.get(files.join());
  if (before?.stamp === stampNow()) return before.document;
  let document: Result | undefined;
  try {
    const found = readDocument(file);
    if (found) check(found);
    document = found;
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [file, error.file]); // the document first: without it, all is computed again
  }
  known.set(files.join(), { stamp: stampNow(), document });
  return document;
}

/** A document by its name; undefined if it or its rows are missing. If it, its rows or its weights are damaged, sets them aside. */
export function stored(out: string, stem: string): Result | undefined {
  const [file, rows] = ['json', 'tsv'].map((ending) => fileOf(out, stem, ending));
  if (!fs.existsSync(file) || !fs.existsSync(rows)) return undefined;
  const weights = ['safetensors', 'json', 'items.json'].map((ending) => modelFile(out, stem, ending));
  return checked(file, [rows, ...weights], (document) => {
    requireBeside(file, document);
    const card = modelFile(out, stem, 'json');
    if (!fs.existsSync(card)) return;
    const seal = readSealed(card);
    if (seal.checksum !== document.left) throw new Damaged(card, 'it belongs to another document');
    requireBeside(card, seal);
  });
}

/** Removes a document before its files are computed again: nobody finds half of the old one and half of the new one. */
export const withdraw = (out: string, stem: string): void =>
  fs.rmSync(fileOf(out, stem, 'json'), { force: true });

/** The documents under OUT/results, oldest first, without those of another version of the project; sets damaged ones aside. */
export function ownDocuments(out: string): Result[] {
  const folder = path.join(out, 'results');
  if (!fs.existsSync(folder)) return [];
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name));
  const timed = files.map((file) => ({
    file,
    time: fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  return timed
    .sort((a, b) => a.time - b.time)
    .flatMap(({ file }) => {
      const rows = file.replace(/json$/, 'tsv');
      const check = (document: Result) => void (fs.existsSync(rows) && requireBeside(file, document));
      return checked(file, [rows], check) ?? [];
    });
}

/** A document; undefined if of another version of the project, or removed meanwhile. Throws Damaged if its content has changed. */
function readDocument(file: string): Result | undefined {
  const content = contentOf(file);
  const [, schema] = /^\{\s*"schema": *(\d+)/.exec(content ?? '') ?? [];
  if (content === undefined || (schema !== undefined && Number(schema) !== SCHEMA)) return undefined;
  return resultDocument.safeParse(readSealed(file)).data;
}

/** Writes the rows, then the document that names them: a document that is there is complete. */
export function store(
  out: string,
  stem: string,
  result: Omit<Result, 'instances' | keyof Seal>,
  rows: readonly InstanceRow[],
): Result {
  const instances = path.basename(fileOf(out, stem, 'tsv'));
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const tsv = `${lines.map((cells) => cells.join('\t')).join('\n')}\n`;
  return writeSealed(fileOf(out, stem, 'json'), { ...result, instances }, { [instances]: tsv });
}

/** The rows beside a document, classified ones with `correct`; undefined if there are none. Throws Damaged if they have changed. */
export function ownRows(out: string, result: Result): readonly InstanceRow[] | undefined {
  const file = path.join(out, 'results', result.instances);
  if (!fs.existsSync(file)) return undefined;
  const [header, ...lines] = readBeside(file, result).toString('utf8').trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const row: InstanceRow = Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
    return 'predicted' in row ? { ...row, correct: row.predicted === row.label ? 1 : 0 } : row;
  });
}

/** Digits of a probability: those of a float32. */
const DIGITS = 7;

/**
 * Test instances as rows, in the order of their published numbers: index in the task, user, the numbers of both, quarter of the users
 * by history, label, and ranks with the pool and the sample that they are of, or predicted class and the probability of each class.
 */
export function outcomeRows(task: Task, found: readonly Outcome[]): InstanceRow[] {
  const [quarterOf, numbers, users] = [
    historyQuarters(task),
    instanceNumbers(task),
    userNumbers(task.source),
  ];
  const ordered = [...found].sort((a, b) => numbers[a.instance] - numbers[b.instance]);
  return ordered.map((outcome) => {
    const { instance } = outcome;
    const { user, label } = task.instances[instance];
    const about = {
      ...{ row: instance, user_id: task.source.users[user] },
      ...{ instance: numbers[instance], user: users[user], quarter: quarterOf(user) },
      label: task.labels[label],
    };
    if (outcome.kind === 'ranked')
      return { ...about, rank: outcome.rank, full_rank: outcome.fullRank, ...samplingOf(task, instance) };
    const { predicted, probabilities } = outcome;
    const columns = task.labels.map((name, y) => [`p:${name}`, Number(probabilities[y].toPrecision(DIGITS))]);
    return { ...about, predicted: task.labels[predicted], ...Object.fromEntries(columns) };
  });
}
