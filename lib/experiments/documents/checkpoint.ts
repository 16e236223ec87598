/**
 * Locks on documents under OUT/locks, one process at a time computes a document, and checkpoints of unfinished trainings under
 * OUT/checkpoints. The kernel ties a lock (flock) to the open file, so it ends with its process. Between machines it needs a
 * file system that passes flock on: NFS 4, or NFS 3 with lockd; not `nolock`, `local_lock=flock`, or Lustre's `localflock`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Damaged, readSealed, requireBeside, setAside, writeSealed } from '../../base/sealed';
import { type Tensor, tensorBytes, tensorsIn } from '../../base/tensors';
import { UserError } from '../../base/userError';
import { filesIn, removeParts, toldAs } from '../../base/whole';
import { tryLock, waitForLock } from '../../setup/tools/lock';
import type { Checkpoints, Standing } from '../../training/fit';
import type { Result } from './document';

const checkpointFolder = (out: string) => path.join(out, 'checkpoints');

/** Removes half-written files of a document, left by killed processes of any machine; for the holder of its lock. */
export function removePartsOf(out: string, stem: string): void {
  for (const kind of ['results', 'models', 'checkpoints']) removeParts(path.join(out, kind), `${stem}.`);
}

type Waiting = {
  /** Called before waiting. */
  readonly onWait: () => void;
  /** Ends the wait: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Takes the lock of a document and returns what releases it. If another process holds it: undefined, or, with `waiting`, waits until
 * it is free. Its empty file stays: were it removed, a process that waits would hold the lock of a file without a name.
 */
export async function lock(out: string, stem: string, waiting?: Waiting): Promise<(() => void) | undefined> {
  const file = path.join(out, 'locks', `${stem}.lock`);
  const descriptor = opened(file);
  let isOurs = false;
  try {
    isOurs = isLocked(file, descriptor);
    if (!isOurs && waiting) {
      waiting.onWait();
      while (!isOurs) isOurs = await waitForLock(descriptor, waiting.signal);
    }
    return isOurs ? () => fs.closeSync(descriptor) : undefined;
  } finally {
    if (!isOurs) fs.closeSync(descriptor);
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

const fileOf = (out: string, stem: string) => path.join(checkpointFolder(out), `${stem}.json`);

/** Files of a document's checkpoints. */
const arraysOf = (out: string, stem: string): string[] =>
  filesIn(checkpointFolder(out)).filter(
    (file) => path.basename(file).startsWith(`${stem}.`) && file.endsWith('.safetensors'),
  );

/** Milliseconds between two checkpoints, and the largest share of the time that writing them may take. */
const INTERVAL = 1000 * Number(process.env.PETERREC_CHECKPOINT_SECONDS ?? 60);
const SHARE = 0.015;

/** Prefixes of a checkpoint's arrays. */
const VARIABLES = 'variables/';
const OTHERS = 'others/';

/** Another environment or trunk would lead to other numbers: such a checkpoint is not resumed. */
type Circumstances = Pick<Result, 'environment' | 'startedFrom'>;

type Left = Omit<Standing, 'variables' | 'arrays'> & { readonly circumstances: Circumstances };

/** Leaves checkpoints of a training and finds the last one; a damaged one is set aside. */
export function checkpointsOf(out: string, stem: string, circumstances: Circumstances): Checkpoints {
  let [last, cost] = [performance.now(), 0];
  return {
    last: () => {
      const found = lastCheckpoint(out, stem);
      if (!found || !isDeepStrictEqual(found.values.circumstances, circumstances)) return undefined;
      const { circumstances: _, ...left } = found.values;
      const arrays = new Map(namedIn(OTHERS, found.tensors).map(({ name, values }) => [name, values()]));
      return { ...left, arrays, variables: namedIn(VARIABLES, found.tensors) };
    },
    isDue: () => performance.now() - last > Math.max(INTERVAL, cost / SHARE),
    leave: (standing) => {
      const start = performance.now();
      leaveCheckpoint(out, stem, standing, circumstances);
      last = performance.now();
      cost = last - start;
    },
  };
}

/** Replaces the last checkpoint, which stays until the new one is whole. */
function leaveCheckpoint(
  out: string,
  stem: string,
  { variables, arrays = new Map(), ...left }: Standing,
  circumstances: Circumstances,
): void {
  const others = [...arrays].map(([name, own]) => ({ name, shape: [own.length], values: () => own }));
  const tensors = [...named(VARIABLES, variables), ...named(OTHERS, others)];
  const { step, curve } = left.progress;
  const beside = `${stem}.${step}-${curve.length}.safetensors`;
  const values: Left = { ...left, circumstances };
  writeSealed(fileOf(out, stem), { values }, { [beside]: tensorBytes(tensors) });
  for (const file of arraysOf(out, stem)) if (path.basename(file) !== beside) fs.rmSync(file);
}

function lastCheckpoint(out: string, stem: string) {
  const file = fileOf(out, stem);
  if (!fs.existsSync(file)) return undefined;
  try {
    const { values, ...seal } = readSealed(file);
    requireBeside(file, seal);
    const [arrays] = Object.keys(seal.files);
    return { values: values as Left, tensors: tensorsIn(path.join(checkpointFolder(out), arrays)) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [error.file, file]);
    return undefined;
  }
}

const named = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, name: `${under}${tensor.name}` }));

const namedIn = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors
    .filter(({ name }) => name.startsWith(under))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(under.length) }));

/** Removes the checkpoint of a finished training. */
export function removeCheckpoint(out: string, stem: string): void {
  for (const file of [fileOf(out, stem), ...arraysOf(out, stem)]) fs.rmSync(file, { force: true });
}
