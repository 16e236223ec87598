import { realpathSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { UserError } from '../../userError';
import { quoted } from './textFile';

/**
 * The absolute path of what a card names, a file or a folder of files. Links are resolved first, so that a card from elsewhere
 * cannot reach outside its folder; throws a UserError where it tries, or where there is nothing.
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
  const isLink = !normalize(path).startsWith('..');
  const where = `${quoted(path)}${isLink ? ', a link that leads out of it' : ''}`;
  throw refused(folder, key, 'a file inside the folder', where);
}

/** The absolute path of a file that a card names; throws a UserError where it is none or leads outside. */
export function fileOfCard(folder: string, key: string, path: string): string {
  const file = pathOfCard(folder, key, path);
  if (statSync(file).isFile()) return file;
  throw refused(folder, key, 'a file', `the folder ${quoted(path)}`);
}

const refused = (folder: string, key: string, expected: string, found: string) =>
  new UserError(`${join(folder, 'dataset.json')}: ${key}: expected ${expected}, found ${found}`);
