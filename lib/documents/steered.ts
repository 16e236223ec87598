import path from 'node:path';
import { checksumOf, writeSealed } from '../files/sealed';

/** Hex digits of what a document says, which are its name. */
const DIGITS = 12;

/**
 * Leaves what came of a training that a hand has steered, in a folder of its own: what a hand did cannot be declared, so nothing
 * that reads results reads it. Returns the file.
 */
export function leaveSteered(out: string, name: string, content: Readonly<Record<string, unknown>>): string {
  const digits = checksumOf(JSON.stringify(content)).slice(0, DIGITS);
  const file = path.join(out, 'steered', `${name}-${digits}.json`);
  writeSealed(file, content);
  return file;
}
