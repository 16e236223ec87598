import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UserError } from '../../userError';
import { quoted } from './textFile';

/**
 * The absolute path of a file that a card names. Links are resolved first, so that a card from elsewhere cannot
 * reach outside its folder; throws a UserError where it tries, or where there is no such file.
 */
export function fileOfCard(folder: string, key: string, path: string): string {
  const root = realpathSync(folder);
  let file: string;
  try {
    file = realpathSync(join(root, path));
  } catch {
    throw new UserError(
      `${join(folder, 'dataset.json')}: ${key}: expected a file in the folder, found no ${quoted(path)}`,
    );
  }
  if (file.startsWith(root + sep)) return file;
  throw new UserError(
    `${join(folder, 'dataset.json')}: ${key}: expected a file inside the folder, found ${quoted(path)}`,
  );
}
