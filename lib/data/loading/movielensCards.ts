import { readFileSync } from 'node:fs';
import { inProject } from '../../setup/tools/project';
import { type Card, parseCard } from '../card/card';
import { NAME } from '../card/taskSpecs';
import { type Folder, namesIn } from '../reading/text/folder';

const LICENCE =
  'GroupLens Research, University of Minnesota: research use, no redistribution, no commercial use without permission (see the README in the archive)';

/** The files of the archives of GroupLens, and the card in `data/` whose tasks they have. */
const ARCHIVES = [
  { like: 'movielens-100k', interactions: 'u.data', users: 'u.user', items: 'u.item' },
  { like: 'movielens-1m', interactions: 'ratings.dat', users: 'users.dat', items: 'movies.dat' },
  { like: 'movielens-1m', interactions: 'ratings.csv', items: 'movies.csv' },
];

/** The card for a folder of MovieLens files, called `name`; undefined where these are none. */
export function movielensCard(folder: Folder, name: string): Card | undefined {
  const names = namesIn(folder);
  const existing = (file: string) => [file, `${file}.gz`].find((each) => names.includes(each));
  for (const { like, ...files } of ARCHIVES) {
    const there = Object.entries(files).map(([part, file]) => [part, existing(file)] as const);
    if (there.some(([, file]) => file === undefined)) continue;
    const text = readFileSync(inProject('data', like, 'dataset.json'), 'utf8');
    const { citation, tasks } = JSON.parse(files.users ? text : text.replace("Children's", 'Children'));
    const possible = Object.entries<{ kind: string }>(tasks).filter(
      ([, { kind }]) => files.users || kind === 'recommend',
    );
    const card = {
      name: NAME.test(name) ? name : 'movielens',
      format: 'movielens',
      ...Object.fromEntries(there),
      licence: LICENCE,
      citation,
      tasks: Object.fromEntries(possible),
    };
    return parseCard(folder.path, JSON.stringify(card));
  }
  return undefined;
}
