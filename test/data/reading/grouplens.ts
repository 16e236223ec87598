/** Made-up films in the form in which GroupLens ships MovieLens since 20M. */

const FILMS = [
  { id: 1, title: 'Alien Café (1979)', genres: ['Horror', 'Sci-Fi'] },
  { id: 2, title: 'Ant, The (1999)', genres: ['Animation', "Children's"] },
  { id: 3, title: 'Bread "n" Jam (1988)', genres: ['Musical'] },
  { id: 4, title: 'Cliff (2001)', genres: ['Drama', 'War'] },
  { id: 5, title: 'Dust (1950)', genres: ['Western'] },
  { id: 6, title: 'Elf (2003)', genres: ['Fantasy'] },
  { id: 7, title: 'Untitled', genres: [] as string[] },
];

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

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
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
