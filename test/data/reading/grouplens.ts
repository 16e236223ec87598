/** Made-up films and people in the three forms in which GroupLens ships MovieLens. */

const FILMS = [
  { id: 1, title: 'Alien Café (1979)', genres: ['Horror', 'Sci-Fi'] },
  { id: 2, title: 'Ant, The (1999)', genres: ['Animation', "Children's"] },
  { id: 3, title: 'Bread "n" Jam (1988)', genres: ['Musical'] },
  { id: 4, title: 'Cliff (2001)', genres: ['Drama', 'War'] },
  { id: 5, title: 'Dust (1950)', genres: ['Western'] },
  { id: 6, title: 'Elf (2003)', genres: ['Fantasy'] },
  { id: 7, title: 'Untitled', genres: [] as string[] },
];

/** Genres of u.item, in its order. */
export const FLAGS =
  "unknown Action Adventure Animation Children's Comedy Crime Documentary Drama Fantasy Film-Noir Horror Musical Mystery Romance Sci-Fi Thriller War Western".split(
    ' ',
  );

/** User, item, rating, time. */
const RATINGS = [
  [1, 4, 3, 10],
  [1, 5, 4, 11],
  [1, 1, 5, 12],
  [1, 7, 2, 13],
  [1, 2, 2, 14],
  [2, 5, 1, 20],
  [2, 4, 1, 20],
  [2, 7, 1, 21],
  [2, 6, 1, 19],
  [2, 3, 1, 25],
];

const PEOPLE_100K = ['1|21|F|student|55105', '2|61|M|writer|T8H1N'];
/** Ages 18 to 24 and 56 and more; a college student and a writer. */
const PEOPLE_1M = ['1::F::18::4::55105', '2::M::56::20::T8H1N'];

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const latin1 = (lines: readonly string[]) => Buffer.from(text(lines), 'latin1');

const flagsOf = (genres: readonly string[]) => FLAGS.map((flag) => (genres.includes(flag) ? 1 : 0));

export const ML_100K = {
  'u.data': text(RATINGS.map((row) => row.join('\t'))),
  'u.user': text(PEOPLE_100K),
  'u.item': latin1(
    FILMS.map(({ id, title, genres }) =>
      [id, title, '01-Jan-1995', '', `http://x/${id}`, ...flagsOf(genres)].join('|'),
    ),
  ),
};

export const ML_1M = {
  'ratings.dat': text(RATINGS.map((row) => row.join('::'))),
  'users.dat': text(PEOPLE_1M),
  'movies.dat': latin1(FILMS.map(({ id, title, genres }) => `${id}::${title}::${genres.join('|')}`)),
};

const csvCell = (cell: string) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const modern = (genres: readonly string[]) =>
  genres.length === 0 ? '(no genres listed)' : genres.join('|').replace("Children's", 'Children');

export const ML_25M = {
  'ratings.csv': text(['userId,movieId,rating,timestamp', ...RATINGS.map((row) => row.join(','))]),
  'movies.csv': text([
    'movieId,title,genres',
    ...FILMS.map(({ id, title, genres }) => `${id},${csvCell(title)},${modern(genres)}`),
  ]),
};
