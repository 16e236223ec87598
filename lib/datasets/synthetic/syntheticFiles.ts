import { existsSync, mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ageEst, coldRec1, coldRec2, genEst, lifeEst } from '../../paper/tasks';
import { below, random } from '../../random';
import { UserError } from '../../userError';
import {
  AGES,
  domainOf,
  interestOf,
  longestHistory,
  profileOf,
  TARGETS,
  type Vocabulary,
  vocabularyOf,
  type World,
  writeHistory,
} from './synthetic';
import { RowWriter } from './syntheticRows';

/** Users whose histories are written together: their rows take turns, as in a log. */
const BLOCK = 1024;

/** Seconds: when the first history may begin, the time in which all begin, and from one row to the next. */
const EPOCH = 1_577_836_800;
const YEAR = 31_536_000;
const PAUSE = 60;

const USER = 'u'.charCodeAt(0);
const ITEM = 'i'.charCodeAt(0);

/** Bytes of the longest row, `u4999999 i5123456 1609459199`, rounded up. */
const ROW_BYTES = 30;

/** What a world is called: also a folder name. */
export function worldName({ kind, users, items, length, seed }: World): string {
  return `${kind}-${users}x${items}x${length}-s${seed}`;
}

/**
 * Writes a world as a data set: RecBole's atomic files and, last, their card. The same world gives the same bytes.
 * Nothing is held but the rows of 1,024 users. Throws a UserError where the folder holds something, or where the
 * disk is too small. Returns the number of interactions.
 */
export function writeWorld(world: World, folder: string): number {
  requireRoom(world, folder);
  const vocabulary = vocabularyOf(world);
  const count = writeInteractions(world, vocabulary, join(folder, 'synthetic.inter'));
  writeUsers(world, join(folder, 'synthetic.user'));
  writeItems(vocabulary, join(folder, 'synthetic.item'));
  writeFileSync(join(folder, 'dataset.json'), `${JSON.stringify(cardOf(world), null, 2)}\n`);
  return count;
}

function requireRoom(world: World, folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`${folder}: expected a new or empty folder, found files in it`);
  }
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const [needed, free] = [world.users * longestHistory(world) * ROW_BYTES, bavail * bsize];
  if (free < needed) {
    throw new UserError(`${folder}: expected ${megabytes(needed)} of free disk, found ${megabytes(free)}`);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

function writeInteractions(world: World, vocabulary: Vocabulary, path: string): number {
  const writer = new RowWriter(path, 'user_id:token\titem_id:token\ttimestamp:float');
  const width = longestHistory(world);
  const rows = new Int32Array(BLOCK * width);
  let total = 0;
  for (let first = 0; first < world.users; first += BLOCK) {
    const size = Math.min(BLOCK, world.users - first);
    const counts = new Int32Array(size).map((_, u) =>
      writeHistory(world, vocabulary, first + u, rows.subarray(u * width, (u + 1) * width)),
    );
    const begins = counts.map((_, u) => EPOCH + below(YEAR, random(world.seed, 'begin', String(first + u))));
    writeBlock(writer, first, { rows, width, counts, begins });
    total += counts.reduce((sum, count) => sum + count, 0);
  }
  writer.close();
  return total;
}

interface Block {
  readonly rows: Int32Array;
  readonly width: number;
  readonly counts: Int32Array;
  readonly begins: Int32Array;
}

function writeBlock(writer: RowWriter, first: number, { rows, width, counts, begins }: Block): void {
  for (let place = 0; place < width; place++) {
    for (let u = 0; u < counts.length; u++) {
      if (place >= counts[u]) continue;
      writer.id(USER, first + u);
      writer.id(ITEM, rows[u * width + place]);
      writer.number(begins[u] + PAUSE * place);
      writer.endRow();
    }
  }
}

function writeUsers(world: World, path: string): void {
  const writer = new RowWriter(path, 'user_id:token\tage:token\tgender:token\tlife:token\tinterest:token');
  for (let user = 0; user < world.users; user++) {
    const { age, gender, life, first } = profileOf(world, user);
    writer.id(USER, user);
    writer.number(age);
    writer.text(gender);
    writer.text(life);
    writer.number(first);
    writer.endRow();
  }
  writer.close();
}

function writeItems(vocabulary: Vocabulary, path: string): void {
  const writer = new RowWriter(path, 'item_id:token\tdomain:token\tinterest:token');
  const domains = ['source', ...TARGETS.map(({ domain }) => domain)];
  const { ends } = vocabulary;
  for (let code = 0; code < ends[ends.length - 1]; code++) {
    writer.id(ITEM, code);
    writer.text(domains[domainOf(ends, code)]);
    writer.number(interestOf(vocabulary, code));
    writer.endRow();
  }
  writer.close();
}

/** The kinds of tasks that the card of MovieLens-100K has. */
function cardOf(world: World): object {
  const recommend = ({ domain, perUser }: (typeof TARGETS)[number]) => ({
    kind: 'recommend',
    target: { field: 'domain', any: [domain] },
    perUser,
    length: world.length,
  });
  const ages = AGES.map(([from, to]) => ({ name: `${from}-${to}`, where: { age: { from, to } } }));
  return {
    name: worldName(world),
    interactions: 'synthetic.inter',
    users: 'synthetic.user',
    items: 'synthetic.item',
    licence: 'none needed: made up by npm run synthesize',
    tasks: {
      [coldRec1.name]: recommend(TARGETS[0]),
      [coldRec2.name]: recommend(TARGETS[1]),
      [genEst.name]: { kind: 'classify', label: 'gender', source: coldRec2.name },
      [ageEst.name]: { kind: 'classify', source: coldRec2.name, classes: ages },
      [lifeEst.name]: { kind: 'classify', label: 'life', source: coldRec2.name },
    },
  };
}
