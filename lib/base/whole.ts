/** Files that are there whole or not at all. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from './userError';

/** Ending of a file that is being written: host and process, so that what a killed process left is known. */
const PARTIAL = /\.([^.]+)\.(\d+)\.part$/;

const HOST = os.hostname().replaceAll('.', '-');

/** The name of a file until it is whole. */
export const partialOf = (file: string): string => `${file}.${HOST}.${process.pid}.part`;

/** Errors of the system that a user can mend. */
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

/** A failure to write, as a UserError if a user can mend it. */
export function toldAs(file: string, error: unknown): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
  return reason
    ? new UserError(`${file} could not be written: ${reason}; what was finished before is kept`)
    : error;
}

export type Content = string | NodeJS.ArrayBufferView;

/**
 * Writes a file, and its folder if it is missing, waits until the disk has it, and returns the SHA-256 of the content in hexadecimal
 * digits. A failure changes nothing and is a UserError if a user can mend it. Content in parts is never in memory as a whole.
 */
export const writeWhole = (file: string, content: Content | Iterable<Content>): string =>
  writePartial(file, isOne(content) ? [content] : content, (partial) => fs.renameSync(partial, file));

/** Throws the UserError of `writeWhole` if a file cannot be written; an older file stays as it is. */
export function requireWritable(file: string): void {
  writePartial(file, [], (partial) => fs.rmSync(partial));
}

function writePartial(file: string, parts: Iterable<Content>, finish: (partial: string) => void): string {
  const partial = partialOf(file);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const checksum = writeThrough(partial, parts);
    finish(partial);
    return checksum;
  } catch (error) {
    if (fs.existsSync(partial)) fs.rmSync(partial);
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

/** The files in a folder and its folders, but for hidden ones. */
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

/** Removes the partial files of dead processes in a folder and the folders in it. */
export function removeLeftovers(folder: string): void {
  for (const file of filesIn(folder)) removeIfLeft(file);
}

/** Removes the partial files of dead processes in a folder alone, if their names begin so. */
export function removeParts(folder: string, beginning: string): void {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    if (name.startsWith(beginning)) removeIfLeft(path.join(folder, name));
}

/** Milliseconds without a byte after which another machine's partial file counts as left. */
const SILENCE = 10 * 60_000;

function removeIfLeft(file: string): void {
  const [, host, pid] = PARTIAL.exec(file) ?? [];
  if (host === undefined) return;
  const written = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  const isLeft = host === HOST ? !isAlive(Number(pid)) : Date.now() - written > SILENCE;
  if (isLeft) fs.rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
