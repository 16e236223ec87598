/** Checkpoints of unfinished trainings, under OUT/checkpoints. */
import fs from 'node:fs';
import path from 'node:path';
import { Damaged, readSealed, requireBeside, setAside, writeSealed } from '../../base/sealed';
import { type Tensor, tensorBytes, tensorsIn } from '../../base/tensors';
import { filesIn } from '../../base/whole';
import { lock } from './lock';
import { type Key, stemOf } from './store';

/** JSON values and arrays. */
type Checkpoint = { readonly values: unknown; readonly tensors: readonly Tensor[] };

const folderOf = (out: string) => path.join(out, 'checkpoints');
const fileOf = (out: string, key: Key) => path.join(folderOf(out), `${stemOf(key)}.json`);

/** The array files of a key's checkpoints, but for one of them. */
function arraysOf(out: string, key: Key, except?: string): string[] {
  const folder = folderOf(out);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(`${stemOf(key)}.`) && name.endsWith('.safetensors') && name !== except)
    .map((name) => path.join(folder, name));
}

/** Replaces the last checkpoint, which stays until the new one is whole. `at` tells both apart. */
export function leaveCheckpoint(out: string, key: Key, at: string, { values, tensors }: Checkpoint): void {
  const arrays = `${stemOf(key)}.${at}.safetensors`;
  writeSealed(fileOf(out, key), { values }, { [arrays]: tensorBytes(tensors) });
  for (const file of arraysOf(out, key, arrays)) fs.rmSync(file);
}

/** The last checkpoint of a key, if there is one; a damaged one is set aside. */
export function lastCheckpoint(out: string, key: Key): Checkpoint | undefined {
  const file = fileOf(out, key);
  if (!fs.existsSync(file)) return undefined;
  try {
    const { values, ...seal } = readSealed(file);
    requireBeside(file, seal);
    const [arrays] = Object.keys(seal.files);
    return { values, tensors: tensorsIn(path.join(folderOf(out), arrays)) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [error.file, file]);
    return undefined;
  }
}

/** File names begin with the stem of a document. */
const STEM = /^([^-]+)-(.+)-([0-9a-f]{12})-s(\d+)\./;

/** Removes checkpoints of declarations that nobody asks for, by their hashes, unless locked. Returns how many and their bytes. */
export async function removeUnasked(
  out: string,
  isAsked: (hash: string) => boolean,
): Promise<{ readonly count: number; readonly bytes: number }> {
  const stems = new Map<string, Key>();
  for (const file of filesIn(folderOf(out))) {
    const [, task, experiment, hash, seed] = STEM.exec(path.basename(file)) ?? [];
    const key = { task, experiment, hash, seed: Number(seed), declaration: {} };
    if (hash !== undefined && !isAsked(hash)) stems.set(stemOf(key), key);
  }
  let [count, bytes] = [0, 0];
  for (const key of stems.values()) {
    const release = await lock(out, key);
    if (!release) continue;
    const files = filesIn(folderOf(out)).filter((file) => path.basename(file).startsWith(`${stemOf(key)}.`));
    for (const file of files) bytes += fs.statSync(file).size;
    for (const file of files) fs.rmSync(file);
    count++;
    release();
  }
  return { count, bytes };
}

/** Removes the checkpoint of a finished training. */
export function removeCheckpoint(out: string, key: Key): void {
  for (const file of [fileOf(out, key), ...arraysOf(out, key)]) fs.rmSync(file, { force: true });
}
