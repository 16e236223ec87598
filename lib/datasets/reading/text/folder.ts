import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UserError } from '../../../userError';
import { fileOfCard, pathOfCard } from '../../card/cardFile';
import { quoted } from '../../card/textFile';
import { asGzip, gzipOf, type ZipMember, zipMembers } from './zip';

/** Where the files of a data set lie: a folder, or a zip archive with the files in it or in one folder in it. */
export interface Folder {
  readonly path: string;
  /** Undefined for a folder on disk. */
  readonly members: ReadonlyMap<string, ZipMember> | undefined;
}

/** Inflated bytes allowed for each compressed one; text shrinks to a tenth, not to a hundredth. */
const GROWTH = 100;
const ALWAYS_ALLOWED = 2 ** 24;

export function openFolder(path: string): Folder {
  if (!path.endsWith('.zip')) return { path, members: undefined };
  const files = zipMembers(path).filter(({ name }) => !name.endsWith('/'));
  return { path, members: new Map(files.map((member) => [basename(member.name), member])) };
}

/** The names of the files that there are; folders and links to nothing are none. */
export function namesIn({ path, members }: Folder): string[] {
  if (members !== undefined) return [...members.keys()];
  return readdirSync(path).filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile());
}

/** The path of a file on disk, or of one in an archive for messages only; throws a UserError where there is none. */
export function pathIn({ path, members }: Folder, key: string, name: string): string {
  if (members === undefined) return fileOfCard(path, key, name);
  if (members.has(name)) return join(path, name);
  throw new UserError(`${path}: ${key}: expected a file in the archive, found no ${quoted(name)}`);
}

function folderIn(folder: Folder, key: string, name: string): string {
  return folder.members === undefined ? pathOfCard(folder.path, key, name) : pathIn(folder, key, name);
}

/** By their letters, and by the size of the numbers in them: part-2 before part-10. */
const { compare: byName } = new Intl.Collator('en', { numeric: true });

/** The names that a pattern stands for, * being anything in it. */
export function matching(names: readonly string[], pattern: string): string[] {
  const [first, ...parts] = pattern.split('*').map((text) => text.replace(/[^\w-]/g, '\\$&'));
  const like = new RegExp(`^(?!\\.)${[first, ...parts].join('.*')}$`);
  return names.filter((name) => like.test(name)).sort(byName);
}

/** The names of the files that a pattern with * stands for, in their order; throws a UserError where there are none. */
export function namesMatching(folder: Folder, key: string, pattern: string): string[] {
  if (!pattern.includes('*')) return [pattern];
  const directory = dirname(pattern);
  const below = directory === '.' ? folder : { ...folder, path: folderIn(folder, key, directory) };
  const names = matching(namesIn(below), basename(pattern));
  if (names.length > 0) return names.map((name) => join(directory, name));
  throw new UserError(`${folder.path}: ${key}: expected files like ${quoted(pattern)}, found none`);
}

/** The bytes of a file, inflated where its name ends in .gz or it lies in an archive. */
export function bytesOf(folder: Folder, key: string, name: string): Readable {
  const file = pathIn(folder, key, name);
  const member = folder.members?.get(name);
  if (member !== undefined) {
    return inflate(Readable.from(asGzip(folder.path, member)), file, member.compressedSize + 18);
  }
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  return /\.gz$/i.test(name) ? inflate(bytes, file, statSync(file).size) : bytes;
}

function inflate(compressed: Readable, file: string, size: number): Readable {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  return Readable.from(inflated(compressed, gunzip, file, size));
}

async function* inflated(
  compressed: Readable,
  gunzip: ReturnType<typeof createGunzip>,
  file: string,
  size: number,
): AsyncGenerator<Buffer> {
  const allowed = Math.max(ALWAYS_ALLOWED, GROWTH * size);
  let length = 0;
  pipeline(compressed, gunzip, () => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > allowed) throw new UserError(`${file}: expected at most ${allowed} bytes, found more`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: expected a whole compressed file, found ${(error as Error).message}`);
  }
  if (gunzip.bytesWritten !== size) {
    throw new UserError(
      `${file}: expected nothing after the compressed text, found ${size - gunzip.bytesWritten} bytes`,
    );
  }
}

/** A small file of an archive as text; throws a UserError where it is damaged or too large. */
export function readMember({ path, members }: Folder, name: string): string {
  const member = members?.get(name) as ZipMember;
  try {
    return gunzipSync(gzipOf(path, member), { maxOutputLength: ALWAYS_ALLOWED }).toString('utf8');
  } catch (error) {
    throw new UserError(
      `${join(path, name)}: expected a whole compressed file, found ${(error as Error).message}`,
    );
  }
}
