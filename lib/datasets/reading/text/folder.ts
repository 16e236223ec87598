import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UserError } from '../../../userError';
import { fileOfCard, pathOfCard } from '../../card/cardFile';
import { quoted, readText, textOf } from '../../card/textFile';
import { asGzip, gzipOf, gzipSizeOf, type ZipMember, zipMembers } from './zip';

/** Where the files of a data set lie: a folder, or a zip archive with the files in it or in a folder in it. */
export interface Folder {
  readonly path: string;
  /** Named from the folder of the card, if there is one, else from the top; undefined for a folder on disk. */
  readonly members: readonly ZipMember[] | undefined;
}

const CARD = 'dataset.json';

/** Inflated bytes allowed for each compressed one; text shrinks to a tenth, not to a hundredth. */
const GROWTH = 100;
const ALWAYS_ALLOWED = 2 ** 24;
const allowedOf = (size: number) => Math.max(ALWAYS_ALLOWED, GROWTH * size);

/** Opens a folder or an archive; throws a UserError for an archive that is none or has several cards. */
export function openFolder(path: string): Folder {
  if (!path.endsWith('.zip')) return { path, members: undefined };
  const files = zipMembers(path).filter(({ name }) => !name.endsWith('/'));
  const top = cardFolder(
    path,
    files.map(({ name }) => name),
  );
  return { path, members: files.map((file) => ({ ...file, name: posix.relative(top, `/${file.name}`) })) };
}

/** The folder of the card that lies highest in an archive; the top where there is none. */
function cardFolder(path: string, names: readonly string[]): string {
  const depth = (name: string) => name.split('/').length;
  const [first, second] = names.filter((name) => basename(name) === CARD).sort((a, b) => depth(a) - depth(b));
  if (second !== undefined && depth(first) === depth(second))
    throw new UserError(`${path}: expected one ${CARD}, found ${first} and ${second}`);
  return posix.dirname(`/${first ?? ''}`);
}

/** The file of an archive in the place that a name says, else the one that is called so in any folder. */
function membersCalled(members: readonly ZipMember[], name: string): readonly ZipMember[] {
  const there = members.filter((member) => member.name === name);
  return there.length > 0 ? there : members.filter((member) => basename(member.name) === name);
}

function memberOf(path: string, members: readonly ZipMember[], key: string, name: string): ZipMember {
  const [member, other] = membersCalled(members, name);
  if (member === undefined)
    throw new UserError(`${path}: ${key}: expected a file in the archive, found no ${quoted(name)}`);
  if (other === undefined) return member;
  throw new UserError(
    `${path}: ${key}: expected one ${quoted(name)}, found ${member.name} and ${other.name}`,
  );
}

/** The names of the files that there are; folders and links to nothing are none. */
export function namesIn({ path, members }: Folder): string[] {
  if (members !== undefined) return [...new Set(members.map(({ name }) => basename(name)))];
  return readdirSync(path).filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile());
}

/** The path of a file on disk, or of one in an archive for messages only; throws a UserError where there is none. */
export function pathIn({ path, members }: Folder, key: string, name: string): string {
  if (members === undefined) return fileOfCard(path, key, name);
  memberOf(path, members, key, name);
  return join(path, name);
}

/** The names of the files of one folder of a data set. */
function namesAt(folder: Folder, key: string, directory: string): string[] {
  const { path, members } = folder;
  if (members === undefined)
    return namesIn(directory === '.' ? folder : { members, path: pathOfCard(path, key, directory) });
  return members.filter(({ name }) => dirname(name) === directory).map(({ name }) => basename(name));
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
  const there = matching(namesAt(folder, key, directory), basename(pattern));
  const names = there.length > 0 || directory !== '.' ? there : matching(namesIn(folder), pattern);
  if (names.length > 0) return names.map((name) => join(directory, name));
  throw new UserError(`${folder.path}: ${key}: expected files like ${quoted(pattern)}, found none`);
}

/** The bytes of a file, inflated where its name ends in .gz, where it lies in an archive, or both. */
export function bytesOf(folder: Folder, key: string, name: string): Readable {
  const { path, members } = folder;
  const file = pathIn(folder, key, name);
  if (members !== undefined) {
    const member = memberOf(path, members, key, name);
    const bytes = inflate(Readable.from(asGzip(path, member)), file, gzipSizeOf(member));
    return isGzip(name) ? inflate(bytes, file, member.size) : bytes;
  }
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  return isGzip(name) ? inflate(bytes, file, statSync(file).size) : bytes;
}

const isGzip = (name: string) => /\.gz$/i.test(name);

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
  const allowed = allowedOf(size);
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

/** A file as text; throws a UserError where there is none, or where it is damaged, no UTF-8 or too large. */
export function textIn(folder: Folder, key: string, name: string): string {
  const { path, members } = folder;
  const file = pathIn(folder, key, name);
  if (members !== undefined) {
    const member = memberOf(path, members, key, name);
    const bytes = unpacked(file, member.compressedSize, () => gzipOf(path, member));
    return textOf(file, isGzip(name) ? unpacked(file, member.size, () => bytes) : bytes);
  }
  if (!isGzip(name)) return readText(file);
  return textOf(
    file,
    unpacked(file, statSync(file).size, () => readFileSync(file)),
  );
}

function unpacked(file: string, size: number, gzip: () => Buffer): Buffer {
  try {
    return gunzipSync(gzip(), { maxOutputLength: allowedOf(size) });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: expected a whole compressed file, found ${(error as Error).message}`);
  }
}

/** The text of the card in an archive; undefined where it has none. */
export function cardIn(folder: Folder): string | undefined {
  const isThere = folder.members?.some(({ name }) => name === CARD);
  return isThere ? textIn(folder, 'card', CARD) : undefined;
}
