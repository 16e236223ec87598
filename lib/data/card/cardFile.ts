import { realpathSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { UserError } from '../../base/userError';
import { quoted } from './textFile';

/**
 * The absolute path of what a card names, a file or a folder of files, with links resolved. Throws a UserError where there
 * is nothing, and where it lies outside the folder of the card.
 */
export function pathOfCard(folder: string, key: string, path: string): string {
  const root = realpathSync(folder);
  let found: string;
  try {
    found = realpathSync(join(root, path));
  } catch {
    throw refused(folder, key, 'a file in the folder', `no ${quoted(path)}`);
  }
  if (found === root || found.startsWith(root + sep)) return found;
  const link = normalize(path).startsWith('..') ? '' : ', a link that leads out of it';
  throw refused(folder, key, 'a file inside the folder', `${quoted(path)}${link}`);
}

/** The absolute path of a file that a card names. Throws a UserError as `pathOfCard`, and for a folder. */
export function fileOfCard(folder: string, key: string, path: string): string {
  const file = pathOfCard(folder, key, path);
  if (statSync(file).isFile()) return file;
  throw refused(folder, key, 'a file', `the folder ${quoted(path)}`);
}

const refused = (folder: string, key: string, expected: string, found: string) =>
  new UserError(`${join(folder, 'dataset.json')}: ${key}: expected ${expected}, found ${found}`);
