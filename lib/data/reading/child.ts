import { mkdirSync, rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { UserError } from '../../base/userError';
import { type Job, saveReading, USER_ERROR } from './cache';
import { readDataset } from './readDataset';
import { openFolder } from './text/folder';

/**
 * Reads the data set that standard input names. A process of its own gives the memory of the SQL engine back and keeps its crashes.
 */

/** Reads with a temporary folder, which it removes at the end and on signals. */
async function read({ path, card, target }: Job): Promise<void> {
  const work = `${target}.work${process.pid}`;
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cleanUp();
      process.exit(1);
    });
  }
  cleanUp(); // of a killed process of the same number
  try {
    mkdirSync(work, { recursive: true });
    saveReading(target, await readDataset(openFolder(path), card, work));
  } finally {
    cleanUp();
  }
}

text(process.stdin)
  .then((job) => read(JSON.parse(job) as Job))
  .catch((error: unknown) => {
    const isUserError = error instanceof UserError;
    process.stderr.write(isUserError ? error.message : String((error as Error).stack));
    process.exitCode = isUserError ? USER_ERROR : 1;
  });
