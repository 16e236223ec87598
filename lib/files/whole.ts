/** Files that are there whole or not at all. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../userError';

/** What ends the name of a file that is being written: by whom, so that what a killed process left can be told. */
const PARTIAL = /\.([^.]+)\.(\d+)\.part$/;

const HOST = os.hostname().replaceAll('.', '-');

/** Under which name a file is written until it is whole. */
export const partialOf = (file: string): string => `${file}.${HOST}.${process.pid}.part`;

/** What the system says when a file cannot be written for a reason that a user can mend. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the disk takes no file of this size',
  EROFS: 'the disk is read-only',
  EACCES: 'writing is not permitted',
  EPERM: 'writing is not permitted',
  ENOTDIR: 'a folder on the way is a file',
  EEXIST: 'a folder on the way is a file',
  ENAMETOOLONG: 'its name is too long',
};

/** The same failure, as a UserError where a user can mend it: what was written before is kept. */
export function toldAs(file: string, error: unknown): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
  return reason
    ? new UserError(`${file} could not be written: ${reason}; what was finished before is kept`)
    : error;
}

export type Content = string | NodeJS.ArrayBufferView;

/**
 * Writes a file, whose folder is made where it is missing, and waits until the disk has it. Where that fails nothing has
 * changed, and a UserError names the file if a user can mend it. What comes in parts is never in memory as a whole. Returns the
 * SHA-256 of what was written, in hexadecimal digits.
 */
export function writeWhole(file: string, content: Content | Iterable<Content>): string {
  const partial = partialOf(file);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const checksum = writeThrough(partial, isOne(content) ? [content] : content);
    fs.renameSync(partial, file);
    return checksum;
  } catch (error) {
    if (fs.existsSync(partial)) fs.rmSync(partial);
    throw toldAs(file, error);
  }
}

/** Throws what writing a file would end in, where its folder takes none of such a name; what stands there is left as it is. */
export function requireWritable(file: string): void {
  const partial = partialOf(file);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeThrough(partial, []);
    fs.rmSync(partial);
  } catch (error) {
    throw toldAs(file, error);
  }
}

const isOne = (content: Content | Iterable<Content>): content is Content =>
  typeof content === 'string' || ArrayBuffer.isView(content);

function writeThrough(file: string, parts: Iterable<Content>): string {
  const hash = createHash('sha256');
  const descriptor = fs.openSync(file, 'w');
  try {
    for (const part of parts) {
      hash.update(part);
      fs.writeFileSync(descriptor, part);
    }
    fs.fsyncSync(descriptor);
    return hash.digest('hex');
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The files in a folder and in the folders of it that are not hidden; what comes and goes meanwhile may be missed. */
export function filesIn(folder: string): string[] {
  let entries: fs.Dirent[] = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {} // there is none, or it is gone
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(file) : [file];
    });
}

/** Removes what killed processes of this machine were writing in a folder and the folders in it. */
export function removeLeftovers(folder: string): void {
  for (const file of filesIn(folder)) {
    const [, host, pid] = PARTIAL.exec(file) ?? [];
    if (host === HOST && !isAlive(Number(pid))) fs.rmSync(file, { force: true });
  }
}

/** Milliseconds without a byte after which what another machine was writing is taken for left. */
const SILENCE = 10 * 60_000;

/** Removes what was being written in a folder under names that begin so, by processes that are gone, on other machines too. */
export function removeParts(folder: string, beginning: string): void {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const [part, host, pid] = PARTIAL.exec(name) ?? [];
    if (part === undefined || !name.startsWith(beginning)) continue;
    const file = path.join(folder, name);
    const written = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    const isLeft = host === HOST ? !isAlive(Number(pid)) : Date.now() - written > SILENCE;
    if (isLeft) fs.rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
