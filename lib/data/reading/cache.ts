import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { fingerprint } from '../../base/fingerprint';
import { checksumOfFile, Damaged, readBeside, readSealed, writeSealed } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { inProject, namesBelow } from '../../setup/tools/project';
import { type Card, fieldsOfTasks } from '../card/card';
import type { Reading } from './formats/reading';
import { type Folder, namesMatching, pathIn } from './text/folder';

/** Input of the reading process, as JSON. */
export interface Job {
  /** The folder or archive. */
  readonly path: string;
  readonly card: Card;
  /** The folder that the reading is written to. */
  readonly target: string;
}

/** Exit code of the reading process after a UserError. */
export const USER_ERROR = 3;

/**
 * Reads the files of a data set. Caches the result in `.cache/datasets/`, in a folder named by the fingerprint of the files, of
 * what the card says about them and of the code that reads them; a damaged one is read anew. Throws a UserError at the first bad
 * row.
 */
export function readingOf(folder: Folder, card: Card): Reading {
  const target = join(cacheFolder(), keyOf(folder, card));
  const cached = openReading(target);
  if (cached !== undefined) return cached;
  readInOwnProcess({ path: folder.path, card, target });
  const reading = openReading(target);
  if (reading === undefined) throw new Error(`${target}: expected what was just written there`);
  return reading;
}

const [MANIFEST, CONTENT] = ['manifest.json', 'reading.v8'];

/** Writes a reading into a folder: a sealed manifest, and the reading as V8 serializes it. */
export function saveReading(folder: string, reading: Reading): void {
  writeSealed(join(folder, MANIFEST), {}, { [CONTENT]: serialize(reading) });
}

/** The reading in a folder; undefined where there is none or it is damaged. */
export function openReading(folder: string): Reading | undefined {
  try {
    return deserialize(readBeside(join(folder, CONTENT), readSealed(join(folder, MANIFEST))));
  } catch (error) {
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}

/** Where readings are kept and made. */
export function cacheFolder(): string {
  return resolve(process.env.WORKBENCH_CACHE ?? inProject('.cache/datasets'));
}

/** The tables that a card names, or the archive that holds them. */
export function tablesOf(folder: Folder, card: Card): string[] {
  if (folder.members !== undefined) return [folder.path];
  return (['interactions', 'users', 'items', 'pretraining'] as const).flatMap((key) => {
    const name = card[key];
    if (name === undefined) return [];
    const names = card.format === 'authors' ? [name] : namesMatching(folder, key, name);
    return names.map((each) => pathIn(folder, key, each));
  });
}

function keyOf(folder: Folder, card: Card): string {
  const { tasks: _, budgets: __, name: ___, licence: ____, citation: _____, timeline, ...read } = card;
  return fingerprint({
    v8: process.versions.v8, // an older one may not read what a newer one serializes
    code: readers().map(checksumOfFile),
    card: { ...read, timed: timeline !== undefined },
    fields: card.format === 'table' ? fieldsOfTasks(card) : undefined,
    files: tablesOf(folder, card).map(checksumOfFile),
  });
}

/** The files that decide what is read: changed ones read anew. */
function readers(): string[] {
  const folders = ['lib/data/reading', 'lib/data/card'].map((folder) => inProject(folder));
  const modules = folders.flatMap((folder) => namesBelow(folder).map((name) => join(folder, name)));
  return modules.filter((name) => name.endsWith('.ts'));
}

function readInOwnProcess(job: Job): void {
  const script = inProject('lib/data/reading/child.ts');
  const { status, signal, stderr, error } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    cwd: inProject(),
    input: JSON.stringify(job),
    stdio: ['pipe', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status === 0) return;
  if (status === USER_ERROR) throw new UserError(stderr);
  throw error ?? new Error(`${job.path}: reading ended with ${signal ?? `exit code ${status}`}\n${stderr}`);
}
