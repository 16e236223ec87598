/** How a training stood that is not finished, under OUT/checkpoints: until its document is there, it goes on from that. */
import fs from 'node:fs';
import path from 'node:path';
import { Damaged, readSealed, requireBeside, setAside, writeSealed } from '../files/sealed';
import { type Tensor, tensorBytes, tensorsIn } from '../files/tensors';
import { type Key, stemOf } from './store';

/** What a checkpoint holds: values as JSON keeps them, and arrays. */
export type Checkpoint = { readonly values: unknown; readonly tensors: readonly Tensor[] };

const folderOf = (out: string) => path.join(out, 'checkpoints');
const fileOf = (out: string, key: Key) => path.join(folderOf(out), `${stemOf(key)}.json`);

/** The arrays of a key's checkpoints, but for one of them. */
function arraysOf(out: string, key: Key, except?: string): string[] {
  const folder = folderOf(out);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(`${stemOf(key)}.`) && name.endsWith('.safetensors') && name !== except)
    .map((name) => path.join(folder, name));
}

/** Leaves a checkpoint in the place of the one before, which is there until the new one is whole. `at` tells both apart. */
export function leaveCheckpoint(out: string, key: Key, at: string, { values, tensors }: Checkpoint): void {
  const arrays = `${stemOf(key)}.${at}.safetensors`;
  writeSealed(fileOf(out, key), { values }, { [arrays]: tensorBytes(tensors) });
  for (const file of arraysOf(out, key, arrays)) fs.rmSync(file);
}

/** The last checkpoint of a key, if there is one; one that is damaged is set aside, and then there is none. */
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

/** Removes what a training left that is finished. */
export function removeCheckpoint(out: string, key: Key): void {
  for (const file of [fileOf(out, key), ...arraysOf(out, key)]) fs.rmSync(file, { force: true });
}
