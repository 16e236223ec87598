import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Task } from '../datasets/tasks/tasks';
import type { Outcome } from '../training/evaluate';
import { UserError } from '../userError';
import { type Result, resultDocument, SCHEMA } from './document';

/** What names a document: `<task>-<experiment>-<hash>-s<seed>`. */
type Name = {
  readonly task: string;
  readonly experiment: string;
  readonly hash: string;
  readonly seed: number;
};

/** The name of a document, and the declaration that the hash stands for. */
export type Key = Name & { readonly declaration: Readonly<Record<string, unknown>> };

const stem = ({ task, experiment, hash, seed }: Name) => `${task}-${experiment}-${hash}-s${seed}`;
const fileOf = (out: string, key: Key, ending: string) => path.join(out, 'results', `${stem(key)}.${ending}`);
/** Where the weights that an experiment leaves are kept. */
export const modelFile = (out: string, key: Name) => path.join(out, 'models', `${stem(key)}.safetensors`);

/** One row of the TSV beside a document. */
export type InstanceRow = Readonly<Record<string, string | number>>;

/** The document of a key, or nothing where it or the rows beside it are not there. */
export function stored(out: string, key: Key): Result | undefined {
  const file = fileOf(out, key, 'json');
  if (!fs.existsSync(file) || !fs.existsSync(fileOf(out, key, 'tsv'))) return undefined;
  return checkedDocument(file);
}

/**
 * Every document under OUT, oldest first; those of an older form are passed over.
 * Throws a UserError that names a file that is none.
 */
export function documentsOf(out: string): Result[] {
  const folder = path.join(out, 'results');
  if (!fs.existsSync(folder)) return [];
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name));
  const times = new Map(files.map((file) => [file, fs.statSync(file).mtimeMs]));
  const age = (file: string) => times.get(file) as number;
  return files.sort((a, b) => age(a) - age(b)).flatMap((file) => checkedDocument(file) ?? []);
}

/** Throws a UserError that names the file where it is no document; nothing for one of an older form. */
function checkedDocument(file: string): Result | undefined {
  const refuse = (why: string) => new UserError(`${file}: ${why}; without the file it is computed again`);
  let document: unknown;
  try {
    document = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    throw refuse('expected a JSON document');
  }
  if (Number(Object(document).schema) < SCHEMA) return undefined;
  const checked = resultDocument.safeParse(document);
  if (checked.success) return checked.data;
  const [{ path: at, message }] = checked.error.issues;
  throw refuse(`${['document', ...at].join('.')}: ${message}`);
}

/** Writes the rows, then the document that names them: a document that is there is complete. */
export function store(
  out: string,
  key: Key,
  result: Omit<Result, 'instances'>,
  rows: readonly InstanceRow[],
): Result {
  fs.mkdirSync(path.join(out, 'results'), { recursive: true });
  const instances = path.basename(fileOf(out, key, 'tsv'));
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  writeFileAtomic.sync(fileOf(out, key, 'tsv'), `${lines.map((cells) => cells.join('\t')).join('\n')}\n`);
  const document: Result = { ...result, instances };
  writeFileAtomic.sync(fileOf(out, key, 'json'), `${JSON.stringify(document, null, 1)}\n`);
  return document;
}

/** The rows beside a document; all cells are text. Throws a UserError where only the document was kept. */
export function instanceRows(out: string, { instances }: Result): Record<string, string>[] {
  const file = path.join(out, 'results', instances);
  if (!fs.existsSync(file)) {
    throw new UserError(`${file} is not there: what needs every test instance must be run, not only read`);
  }
  const [header, ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
  });
}

/** Test instances as rows: their place in the task, user, label, and rank or predicted class. */
export function outcomeRows(task: Task, found: readonly Outcome[]): InstanceRow[] {
  return found.map((outcome) => {
    const { user, label } = task.instances[outcome.instance];
    const about = { row: outcome.instance, user_id: task.source.users[user], label: task.labels[label] };
    return outcome.kind === 'classified'
      ? { ...about, predicted: task.labels[outcome.predicted] }
      : { ...about, rank: outcome.rank, full_rank: outcome.fullRank };
  });
}
