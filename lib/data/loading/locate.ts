import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../base/userError';
import { isEmbedded } from '../../setup/parts/movielensNames';
import { inProject } from '../../setup/tools/project';
import { type Card, parseCard, readCard } from '../card/card';
import { NAME } from '../card/taskSpecs';
import { quoted } from '../card/textFile';
import { cardIn, type Folder, openFolder } from '../reading/text/folder';
import { movielensCard } from './movielensCards';

const DATA_FOLDER = inProject('data');

/** Finds a data set and its card. Throws a UserError where there is none, or where the card is wrong. */
export function locate(nameOrPath: string): { folder: Folder; card: Card } {
  const named = NAME.test(nameOrPath) ? [nameOrPath, `${nameOrPath}.zip`] : [];
  for (const path of [...named.map((name) => join(DATA_FOLDER, name)), nameOrPath]) {
    const found = existsSync(path) ? openAt(path) : undefined;
    if (found !== undefined) return found;
  }
  const known = readdirSync(DATA_FOLDER).filter((name) =>
    existsSync(join(DATA_FOLDER, name, 'dataset.json')),
  );
  throw new UserError(
    `unknown data set ${quoted(nameOrPath)}: expected ${known.join(', ')}, a folder with a dataset.json or the files of MovieLens, or a zip archive of them; \`npm run data -- init PATH\` writes a dataset.json for any table`,
  );
}

function openAt(path: string): { folder: Folder; card: Card } | undefined {
  if (!statSync(path).isDirectory() && !path.endsWith('.zip')) return undefined;
  const folder = openFolder(path);
  const file = join(path, 'dataset.json');
  const text = cardIn(folder);
  if (text !== undefined) return { folder, card: parseCard(file, text) };
  if (existsSync(file)) return { folder, card: requireFetched(path, readCard(file)) };
  const card = movielensCard(folder, basename(path, '.zip'));
  return card && { folder, card };
}

/** Throws a UserError where the files of a card that come in a wheel are missing. */
function requireFetched(path: string, card: Card): Card {
  const comesInWheel = isEmbedded(card.name) && path === join(DATA_FOLDER, card.name);
  if (comesInWheel && !existsSync(join(path, card.interactions)))
    throw new UserError(`${card.name} is not here yet: run \`npm run data -- ${card.name}\``);
  return card;
}
