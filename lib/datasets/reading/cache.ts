import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checksumOf, checksumOfFile } from '../../files/sealed';
import { inProject, namesBelow } from '../../setup/tools/project';
import { UserError } from '../../userError';
import type { Card } from '../card/card';
import { fieldsOfTasks } from '../card/fields';
import type { Reading } from './formats/reading';
import { openReading } from './stored';
import { type Folder, namesMatching, pathIn } from './text/folder';

/** Exit code of the reading process for a user's mistake. */
const USER_ERROR = 3;

/**
 * What the files of a data set hold, read at most once for the same content: the result is kept in
 * `.cache/datasets/`, in a folder named by the hash of the files, of what the card says about them and of the code that
 * reads them. What is damaged there is read anew. Throws a UserError at the first bad row.
 */
export function readingOf(folder: Folder, card: Card): Reading {
  const target = join(cacheFolder(), keyOf(folder, card));
  const kept = openReading(target);
  if (kept !== undefined) return kept;
  readInOwnProcess({ path: folder.path, card, target });
  const reading = openReading(target);
  if (reading === undefined) throw new Error(`${target}: expected what was just written there`);
  return reading;
}

/** Where readings are kept and made. */
export function cacheFolder(): string {
  return process.env.WORKBENCH_CACHE ?? inProject('.cache/datasets');
}

/** The tables that a card names, or the archive that holds them. */
export function tablesOf(folder: Folder, card: Card): string[] {
  if (folder.members !== undefined) return [folder.path];
  return (['interactions', 'users', 'items', 'pretraining'] as const).flatMap((key) => {
    const name = card[key];
    if (name === undefined) return [];
    const names = card.format === 'table' ? namesMatching(folder, key, name) : [name];
    return names.map((each) => pathIn(folder, key, each));
  });
}

function keyOf(folder: Folder, card: Card): string {
  const { tasks: _, budgets: __, name: ___, licence: ____, citation: _____, timeline, ...other } = card;
  const read = timeline === undefined ? other : { ...other, timed: true };
  const fields = card.format === 'table' ? fieldsOfTasks(card) : undefined;
  return checksumOf(JSON.stringify([readerHash(), read, fields, tablesOf(folder, card).map(checksumOfFile)]));
}

/** Where the code is that decides what is read. */
const READERS = ['lib/datasets/reading', 'lib/datasets/card'];
const NAMES = 'lib/setup/parts/movielensNames.js';

/** A reader that was changed reads anew. */
function readerHash(): string {
  const modules = READERS.flatMap((folder) =>
    namesBelow(inProject(folder)).map((name) => join(folder, name)),
  );
  const files = [...modules.filter((name) => name.endsWith('.ts')), NAMES];
  return checksumOf(files.map((name) => checksumOfFile(inProject(name))).join());
}

function readInOwnProcess(job: {
  readonly path: string;
  readonly card: Card;
  readonly target: string;
}): void {
  const script = inProject('lib/datasets/reading/child.ts');
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
