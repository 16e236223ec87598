import { ageEst, coldRec1, coldRec2, genEst, lifeEst } from '../../paper/tasks';
import { type Card, parseCard } from '../card/card';
import { NAME } from '../card/taskSpecs';
import { type Folder, namesIn } from '../reading/text/folder';

/** Cards of the MovieLens archives as GroupLens ships them, with the tasks of movielens-100k as far as they go. */

const CITATION =
  'F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872';
const LICENCE =
  'GroupLens Research, University of Minnesota: research use, no redistribution, no commercial use without permission (see the README in the archive)';

type Where = Readonly<Record<string, readonly string[] | { readonly from?: number; readonly to?: number }>>;

const recommend = (any: readonly string[], perUser: number, length: number) => ({
  kind: 'recommend',
  target: { field: 'class', any },
  perUser,
  length,
});

/** The target films of 1M and 100K; later archives call the second of ColdRec-2 "Children". */
const coldRec = (children: string) => ({
  [coldRec1.name]: recommend(['Horror', 'Sci-Fi', 'Fantasy'], 3, 50),
  [coldRec2.name]: recommend(['Animation', children, 'Musical'], 5, 100),
});

const classes = (...pairs: readonly (readonly [string, Where])[]) => ({
  kind: 'classify',
  source: coldRec2.name,
  classes: pairs.map(([name, where]) => ({ name, where })),
});

const GENDER = { kind: 'classify', label: 'gender', source: coldRec2.name };
const between = (from: number, to: number): Where => ({ age: { from, to } });
const STUDENT = ['student'];

const TASKS_100K = {
  ...coldRec("Children's"),
  [genEst.name]: GENDER,
  [ageEst.name]: classes(
    ['under 20', { age: { to: 19 } }],
    ['20-29', between(20, 29)],
    ['30-39', between(30, 39)],
    ['40-49', between(40, 49)],
    ['50-59', between(50, 59)],
    ['60+', { age: { from: 60 } }],
  ),
  [lifeEst.name]: classes(
    ['student under 22', { occupation: STUDENT, age: { to: 21 } }],
    ['student 22+', { occupation: STUDENT, age: { from: 22 } }],
    ['others under 30', { age: { to: 29 } }],
    ['30-39', between(30, 39)],
    ['40-49', between(40, 49)],
    ['50+', { age: { from: 50 } }],
  ),
};

/** The ages of 1M are groups, each named by its lowest age: 1, 18, 25, 35, 45, 50 and 56. */
const TASKS_1M = {
  ...coldRec("Children's"),
  [genEst.name]: GENDER,
  [ageEst.name]: classes(
    ['under 18', { age: { to: 1 } }],
    ['18-24', between(18, 18)],
    ['25-34', between(25, 25)],
    ['35-44', between(35, 35)],
    ['45-49', between(45, 45)],
    ['50-55', between(50, 50)],
    ['56+', { age: { from: 56 } }],
  ),
  [lifeEst.name]: classes(
    ['student under 18', { occupation: ['K-12 student'] }],
    ['student 18+', { occupation: ['college/grad student'] }],
    ['others under 35', { age: { to: 25 } }],
    ['35-44', between(35, 35)],
    ['45-49', between(45, 45)],
    ['50+', { age: { from: 50 } }],
  ),
};

const CARDS = [
  { interactions: 'u.data', users: 'u.user', items: 'u.item', tasks: TASKS_100K },
  { interactions: 'ratings.dat', users: 'users.dat', items: 'movies.dat', tasks: TASKS_1M },
  { interactions: 'ratings.csv', items: 'movies.csv', tasks: coldRec('Children') },
];

/** The card for a folder of MovieLens files, called `name`; undefined where these are none. */
export function movielensCard(folder: Folder, name: string): Card | undefined {
  const names = namesIn(folder);
  for (const { tasks, ...files } of CARDS) {
    const there = Object.entries(files).map(([part, file]) => [part, existing(names, file)] as const);
    if (there.some(([, file]) => file === undefined)) continue;
    const card = {
      name: NAME.test(name) ? name : 'movielens',
      format: 'movielens',
      ...Object.fromEntries(there),
      licence: LICENCE,
      citation: CITATION,
      tasks,
    };
    return parseCard(folder.path, JSON.stringify(card));
  }
  return undefined;
}

function existing(names: readonly string[], file: string): string | undefined {
  return [file, `${file}.gz`].find((name) => names.includes(name));
}
