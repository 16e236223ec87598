/** JSON with checksums of its own content and of the files beside it, so that damage is noticed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from './userError';
import { type Content, writeWhole } from './whole';

/** SHA-256 in hexadecimal digits. */
export const checksumOf = (content: string | NodeJS.ArrayBufferView): string =>
  createHash('sha256').update(content).digest('hex');

/** Checksums that a seal adds to a JSON object. */
export type Seal = {
  /** Checksums of the files that belong to it, by their names. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of the object without this field, as JSON.stringify writes it. */
  readonly checksum: string;
};

/** A damaged file. */
export class Damaged extends UserError {
  constructor(
    readonly file: string,
    why: string,
  ) {
    super(`${file} is damaged: ${why}`);
  }
}

/** Renames the files that exist to `.damaged`, and says so in one line. */
export function setAside({ message }: Damaged, files: readonly string[]): void {
  const there = [...new Set(files)].filter((file) => fs.existsSync(file));
  for (const file of there) fs.renameSync(file, `${file}.damaged`);
  const moved = there.map((file) => `${path.basename(file)}.damaged`).join(', ');
  console.log(`${message}; set aside as ${moved}, it is computed again`);
}

/** The files of an object; optional, as without `strict` (in notebooks) zod's types have optional keys. */
type Sealing = Partial<Pick<Seal, 'files'>>;

type Sealed = Seal & Readonly<Record<string, unknown>>;

/** The object as it is read back, sealed. */
function sealed(content: object, files: Seal['files']): Sealed {
  const { checksum: _, ...written } = JSON.parse(JSON.stringify({ ...content, files }));
  return { ...written, checksum: checksumOf(JSON.stringify(written)) };
}

/** Writes the files that belong to an object, by name, then the object that names them: an object that is there is complete. */
export function writeSealed<T extends object>(
  file: string,
  content: T,
  beside: Readonly<Record<string, Content | Iterable<Content>>> = {},
): T & Seal {
  const folder = path.dirname(file);
  const entries = Object.entries(beside);
  const files = entries.map(([name, own]) => [name, writeWhole(path.join(folder, name), own)]);
  const object = sealed(content, Object.fromEntries(files));
  writeWhole(file, `${JSON.stringify(object, null, 1)}\n`);
  return object as T & Seal;
}

/** The text of a file; undefined if there is none. Throws a UserError if it cannot be read: it may be sound. */
export function contentOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UserError(`${file}: expected a readable file (${code})`);
  }
}

/** Reads a sealed object and checks its checksum. Throws Damaged if it is missing or wrong, and a UserError if it cannot be read. */
export function readSealed(file: string): Sealed {
  const content = contentOf(file);
  let object: Record<string, unknown> | null | undefined;
  try {
    object = JSON.parse(content ?? '');
  } catch {}
  if (typeof object !== 'object' || object === null) throw new Damaged(file, 'it is no JSON object');
  const { checksum, ...own } = object;
  if (checksum !== checksumOf(JSON.stringify(own)))
    throw new Damaged(file, 'its content does not match its checksum');
  return object as Sealed;
}

/** SHA-256 of a file, which may be larger than memory. */
export function checksumOfFile(file: string): string {
  const hash = createHash('sha256');
  const descriptor = fs.openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(1 << 22);
  try {
    for (let read = fs.readSync(descriptor, buffer); read > 0; read = fs.readSync(descriptor, buffer))
      hash.update(buffer.subarray(0, read));
    return hash.digest('hex');
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The content of a file that belongs to a sealed object. Throws Damaged if it is missing or has changed. */
export function readBeside(file: string, seal: Sealing): Buffer {
  const content = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
  requireChecksum(file, seal, content && checksumOf(content));
  return content as Buffer;
}

/** Requires that all files of a sealed object are there and whole. Throws Damaged. */
export function requireBeside(file: string, seal: Sealing): void {
  for (const name of Object.keys(seal.files ?? {})) {
    const own = path.join(path.dirname(file), name);
    requireChecksum(own, seal, fs.existsSync(own) ? checksumOfFile(own) : undefined);
  }
}

function requireChecksum(file: string, { files = {} }: Sealing, checksum: string | undefined): void {
  if (checksum === undefined) throw new Damaged(file, 'it is missing');
  if (checksum !== files[path.basename(file)]) throw new Damaged(file, 'it does not match its checksum');
}
