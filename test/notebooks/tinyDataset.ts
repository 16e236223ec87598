/** A made-up data set on disk that a whole notebook runs on in seconds. */
import fs from 'node:fs';
import path from 'node:path';

const USERS = 40;
const SONGS = 48;
const FILMS = 12;
const HITS = 4;

/** What the first film is called: text that must never become part of a page. */
export const HOSTILE_TITLE = '<script>alert(1)</script>';

const cardOf = (genre: string) => ({
  name: 'tiny',
  interactions: 'tiny.inter',
  users: 'tiny.user',
  items: 'tiny.item',
  tasks: {
    'ColdRec-1': { kind: 'recommend', target: { field: 'class', any: [genre] }, perUser: 2, length: 10 },
    GenEst: { kind: 'classify', label: 'gender', source: 'ColdRec-1' },
  },
});

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const lines = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((cells) => `${cells.join('\t')}\n`).join('');

/**
 * Songs in their order, from a place that depends on the user, and one of four hits at the end: so item popularity
 * finds some last items and a ratio to it is a number. Then two films.
 */
function history(user: number): string[] {
  const songs = numbers(6 + (user % 5)).map((i) => (7 * user + i) % SONGS);
  const films = [user % FILMS, (user + 5) % FILMS];
  return [...[...songs, user % HITS].map((i) => `song${i}`), ...films.map((i) => `film${i}`)];
}

function items(genre: string): string[][] {
  const songs = numbers(SONGS).map((i) => [`song${i}`, `Song no. ${i}`, 'song']);
  const films = numbers(FILMS).map((i) => [`film${i}`, i === 0 ? HOSTILE_TITLE : `Film no. ${i}`, genre]);
  return [...films, ...songs];
}

/** Writes 40 users, 48 songs (source) and 12 films (target) of a genre, with a card of two tasks, into the folder. */
export function writeTinyDataset(folder: string, genre = 'film'): void {
  const interactions = numbers(USERS).flatMap((user) =>
    history(user).map((item, place) => [`user${user}`, item, user + place]),
  );
  const users = numbers(USERS).map((user) => [`user${user}`, user % 2 === 0 ? 'F' : 'M']);
  const files = {
    'dataset.json': JSON.stringify(cardOf(genre)),
    'tiny.inter': lines([['user_id:token', 'item_id:token', 'timestamp:float'], ...interactions]),
    'tiny.user': lines([['user_id:token', 'gender:token'], ...users]),
    'tiny.item': lines([['item_id:token', 'title:token', 'class:token_seq'], ...items(genre)]),
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
}
