import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../base/userError';
import { isEmbedded } from '../../setup/parts/movielensNames';
import { inProject } from '../../setup/tools/project';
import { type Card, parseCard } from '../card/card';
import { NAME } from '../card/taskSpecs';
import { quoted, readText } from '../card/textFile';
import { cardIn, type Folder, namesIn, openFolder } from '../reading/text/folder';

const DATA_FOLDER = inProject('data');

type Located = { readonly folder: Folder; readonly card: Card };

/** Finds a data set and its card. Throws a UserError where there is none, or where the card is wrong. */
export function locate(nameOrPath: string): Located {
  const named = NAME.test(nameOrPath) ? [nameOrPath, `${nameOrPath}.zip`] : [];
  for (const path of [...named.map((name) => join(DATA_FOLDER, name)), resolve(nameOrPath)]) {
    const found = existsSync(path) ? openAt(path) : undefined;
    if (found !== undefined) return found;
  }
  const isKnown = (name: string) => existsSync(join(DATA_FOLDER, name, 'dataset.json'));
  const known = readdirSync(DATA_FOLDER).filter(isKnown);
  throw new UserError(
    `unknown data set ${quoted(nameOrPath)}: expected ${known.join(', ')}, a folder with a dataset.json or the files of MovieLens since 20M, or a zip archive of them; \`npm run data -- init PATH\` writes a dataset.json for any table`,
  );
}

function openAt(path: string): Located | undefined {
  if (!statSync(path).isDirectory() && !path.endsWith('.zip')) return undefined;
  const folder = openFolder(path);
  const file = join(path, 'dataset.json');
  const text = cardIn(folder) ?? (existsSync(file) ? readText(file) : undefined);
  const card = text === undefined ? movielensCard(folder, basename(path, '.zip')) : parseCard(file, text);
  const comesInWheel = card && isEmbedded(card.name) && resolve(path) === join(DATA_FOLDER, card.name);
  if (comesInWheel && !existsSync(join(path, card.interactions)))
    throw new UserError(`${card.name} is not here yet: run \`npm run data -- ${card.name}\``);
  return card && { folder, card };
}

/** The card for a folder of MovieLens since 20M, called `name`; undefined where its files are others. */
export function movielensCard(folder: Folder, name: string): Card | undefined {
  const names = namesIn(folder);
  const [interactions, items] = ['ratings.csv', 'movies.csv'].map((file) =>
    [file, `${file}.gz`].find((each) => names.includes(each)),
  );
  if (interactions === undefined || items === undefined) return undefined;
  const common = JSON.parse(readFileSync(join(__dirname, 'grouplens.json'), 'utf8'));
  const own = { name: NAME.test(name) ? name : 'movielens', interactions, items };
  return parseCard(folder.path, JSON.stringify({ ...own, ...common }));
}
