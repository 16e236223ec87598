/**
 * Who computes what: a claim on a document holds for one process at a time, under OUT/claims. The kernel keeps it (flock) with
 * the open file, so that it ends with the process that holds it. Between machines it is what the file system makes of flock:
 * NFS 4, and NFS 3 with lockd, pass it on to the server and end it with the lease of a client that is gone; a mount with
 * `nolock` or `local_lock=flock`, and Lustre with `localflock`, keep machines apart no more.
 */
import fs from 'node:fs';
import path from 'node:path';
import { filesIn, removeParts, toldAs } from '../files/whole';
import { tryLock, waitForLock } from '../setup/tools/lock';
import { UserError } from '../userError';
import { type Key, stemOf } from './store';

const folderOf = (out: string) => path.join(out, 'claims');
const fileOf = (out: string, key: Key) => path.join(folderOf(out), `${stemOf(key)}.lock`);

/** Removes what who held a claim before was writing when it was killed, perhaps on another machine; for its holder. */
export function removePartsOf(out: string, key: Key): void {
  for (const kind of ['results', 'models', 'checkpoints'])
    removeParts(path.join(out, kind), `${stemOf(key)}.`);
}

/** How a process waits for a claim that another one holds. */
export type Waiting = {
  /** Told when it begins to wait. */
  readonly onWait: () => void;
  /** Ends the wait: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Takes the claim on a key and gives what releases it. Where another process holds it: nothing, or, with `waiting`, once that
 * process has released it or is gone.
 */
export async function claim(out: string, key: Key, waiting?: Waiting): Promise<(() => void) | undefined> {
  const file = fileOf(out, key);
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
      if (isOurs) return () => release(file, descriptor);
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

/** Locks an open file unless another process holds it. Throws a UserError where the file system has no locks. */
function isLocked(file: string, descriptor: number): boolean {
  try {
    return tryLock(descriptor);
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

/** Whether the file that is locked is the one under that name: who released it has removed it, here or on another machine. */
function isStill(file: string, descriptor: number): boolean {
  try {
    const { ino, nlink } = fs.fstatSync(descriptor);
    return nlink > 0 && fs.statSync(file, { throwIfNoEntry: false })?.ino === ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') return false;
    throw error;
  }
}

/** Removes the file while it is locked. */
function release(file: string, descriptor: number): void {
  fs.rmSync(file, { force: true });
  fs.closeSync(descriptor);
}

/** Removes the claims of processes that are gone, as far as this user may; others may do the same at the same time. */
export function removeDeadClaims(out: string): void {
  for (const file of filesIn(folderOf(out))) {
    let descriptor: number | undefined;
    try {
      descriptor = fs.openSync(file, 'r+');
      if (tryLock(descriptor) && isStill(file, descriptor)) fs.rmSync(file);
    } catch {
      // It has gone, or is another user's: whoever needs that claim will see.
    } finally {
      if (descriptor !== undefined) fs.closeSync(descriptor);
    }
  }
}
