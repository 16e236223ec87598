import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UserError } from '../../../base/userError';

import { fileOfCard, pathOfCard, quoted, readText, textOf } from '../../card/textFile';
import { allowedOf, memberBytes, type ZipMember, zipMembers } from './zip';

/** Where the files of a data set lie: a folder, or a zip archive of one. */
export interface Folder {
  readonly path: string;
  /** Named from the folder of the card, else of the highest file; undefined for a folder on disk. */
  readonly members: readonly ZipMember[] | undefined;
}

const CARD = 'dataset.json';

/** Opens a folder or an archive. Throws a UserError for a broken archive and one with several cards. */
export function openFolder(path: string): Folder {
  if (!path.endsWith('.zip')) return { path, members: undefined };
  const depth = ({ name }: ZipMember) => name.split('/').length;
  const files = zipMembers(path).filter(({ name }) => !/\/$|^__MACOSX\//.test(name));
  const highest = [...files].sort((a, b) => depth(a) - depth(b));
  const [card, other] = highest.filter(({ name }) => basename(name) === CARD);
  if (other && depth(card) === depth(other))
    throw new UserError(`${path}: expected one ${CARD}, found ${card.name} and ${other.name}`);
  const { name: top = '' }: Partial<ZipMember> = card ?? highest[0] ?? {};
  const within = top.slice(0, top.lastIndexOf('/') + 1);
  const below = files.filter(({ name }) => name.startsWith(within));
  return { path, members: below.map((file) => ({ ...file, name: file.name.slice(within.length) })) };
}

/** The path of a file on disk, or of one in an archive, for messages. Throws a UserError where there is none. */
export function pathIn({ path, members }: Folder, key: string, name: string): string {
  if (members === undefined) return fileOfCard(path, key, name);
  if (members.some((member) => member.name === name)) return join(path, name);
  throw new UserError(`${path}: ${key}: expected a file in the archive, found no ${quoted(name)}`);
}

/** The names of the files in one folder of a data set. */
function namesAt({ path, members }: Folder, key: string, directory: string): string[] {
  if (members)
    return members.filter(({ name }) => dirname(name) === directory).map(({ name }) => basename(name));
  const folder = pathOfCard(path, key, directory);
  const isFile = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile();
  return readdirSync(folder).filter(isFile);
}

/** The names of the files beside the card. */
export const namesIn = (folder: Folder): string[] => namesAt(folder, 'files', '.');

/** By their letters, and by the size of the numbers in them: part-2 before part-10. */
const { compare: byName } = new Intl.Collator('en', { numeric: true });

/** The names that a pattern stands for, * being anything in it. */
export function matching(names: readonly string[], pattern: string): string[] {
  const [first, ...parts] = pattern.split('*').map((text) => text.replace(/[^\w-]/g, '\\$&'));
  const like = new RegExp(`^(?!\\.)${[first, ...parts].join('.*')}$`);
  return names.filter((name) => like.test(name) && ![CARD, 'tuned.json'].includes(name)).sort(byName);
}

/** The names of the files that a pattern with * stands for, in order. Throws a UserError where there are none. */
export function namesMatching(folder: Folder, key: string, pattern: string): string[] {
  if (!pattern.includes('*')) return [pattern];
  const directory = dirname(pattern);
  const names = matching(namesAt(folder, key, directory), basename(pattern));
  if (names.length > 0) return names.map((name) => join(directory, name));
  throw new UserError(`${folder.path}: ${key}: expected files like ${quoted(pattern)}, found none`);
}

const isGzip = (name: string) => /\.gz$/i.test(name);

/** The bytes of a file of an archive, as the archive holds them; undefined for a folder. Throws a UserError where there is none. */
function inArchive({ path, members }: Folder, file: string, name: string): Buffer | undefined {
  const member = members?.find((each) => each.name === name);
  return member && memberBytes(path, member, file);
}

/** The bytes of a file, inflated where its name ends in .gz, where it lies in an archive, or both. */
export function bytesOf(folder: Folder, key: string, name: string): Readable {
  const file = pathIn(folder, key, name);
  const member = inArchive(folder, file, name);
  const bytes = member ? Readable.from([member]) : createReadStream(file, { highWaterMark: 1 << 20 });
  return isGzip(name) ? Readable.from(inflated(bytes, file, member?.length ?? statSync(file).size)) : bytes;
}

async function* inflated(compressed: Readable, file: string, size: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
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
    throw damaged(file, error);
  }
  const behind = size - gunzip.bytesWritten;
  if (behind > 0)
    throw new UserError(`${file}: expected nothing after the compressed text, found ${behind} bytes`);
}

const damaged = (file: string, error: unknown) =>
  error instanceof UserError
    ? error
    : new UserError(`${file}: expected a whole compressed file, found ${(error as Error).message}`);

/** A small file as text. Throws a UserError where it is missing, damaged, no UTF-8 or too large. */
export function textIn(folder: Folder, key: string, name: string): string {
  const file = pathIn(folder, key, name);
  const member = inArchive(folder, file, name);
  if (!isGzip(name)) return member ? textOf(file, member) : readText(file);
  const packed = member ?? readFileSync(file);
  try {
    return textOf(file, gunzipSync(packed, { maxOutputLength: allowedOf(packed.length) }));
  } catch (error) {
    throw damaged(file, error);
  }
}

/** The text of the card in an archive; undefined where it has none. */
export function cardIn(folder: Folder): string | undefined {
  const isThere = folder.members?.some(({ name }) => name === CARD);
  return isThere ? textIn(folder, 'card', CARD) : undefined;
}
