/**
 * Locks on documents, under OUT/locks: one process at a time computes a document. The kernel ties a lock (flock) to the open
 * file, so it ends with its process. Between machines it needs a file system that passes flock on: NFS 4, or NFS 3 with
 * lockd; not `nolock`, `local_lock=flock`, or Lustre's `localflock`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/userError';
import { filesIn, removeParts, toldAs } from '../../base/whole';
import { tryLock, waitForLock } from '../../setup/tools/lock';
import { type Key, stemOf } from './store';

const folderOf = (out: string) => path.join(out, 'locks');

/** Removes half-written files of a document, left by killed processes of any machine; for the holder of its lock. */
export function removePartsOf(out: string, key: Key): void {
  for (const kind of ['results', 'models', 'checkpoints'])
    removeParts(path.join(out, kind), `${stemOf(key)}.`);
}

type Waiting = {
  /** Called before waiting. */
  readonly onWait: () => void;
  /** Ends the wait: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Takes the lock of a key and returns what releases it. If another process holds it: undefined, or, with `waiting`, waits until
 * it is free.
 */
export async function lock(out: string, key: Key, waiting?: Waiting): Promise<(() => void) | undefined> {
  const file = path.join(folderOf(out), `${stemOf(key)}.lock`);
  for (;;) {
    const descriptor = opened(file);
    let isOurs = false;
    try {
      isOurs = isLocked(file, descriptor);
      if (!isOurs && !waiting) return undefined;
      if (!isOurs && waiting) {
        waiting.onWait();
        isOurs = await waitForLock(descriptor, waiting.signal);
      }
      isOurs &&= isStill(file, descriptor);
      if (isOurs)
        return () => {
          fs.rmSync(file, { force: true }); // while it is locked
          fs.closeSync(descriptor);
        };
    } finally {
      if (!isOurs) fs.closeSync(descriptor);
    }
  }
}

function opened(file: string): number {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return fs.openSync(file, 'a');
  } catch (error) {
    throw toldAs(file, error);
  }
}

/** Locks an open file unless another process holds it. Throws a UserError if the file system has no locks. */
function isLocked(file: string, descriptor: number): boolean {
  try {
    return tryLock(descriptor);
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

/** Whether a locked file still has its name: its last holder may have removed it, here or on another machine. */
function isStill(file: string, descriptor: number): boolean {
  try {
    const { ino, nlink } = fs.fstatSync(descriptor);
    return nlink > 0 && fs.statSync(file, { throwIfNoEntry: false })?.ino === ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') return false;
    throw error;
  }
}

/** Removes the lock files of ended processes; several processes may do so at once. */
export function removeDeadLocks(out: string): void {
  for (const file of filesIn(folderOf(out))) {
    let descriptor: number | undefined;
    try {
      descriptor = fs.openSync(file, 'r+');
      if (tryLock(descriptor) && isStill(file, descriptor)) fs.rmSync(file);
    } catch {
      // removed meanwhile, or another user's
    } finally {
      if (descriptor !== undefined) fs.closeSync(descriptor);
    }
  }
}
