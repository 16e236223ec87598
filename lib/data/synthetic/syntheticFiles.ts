import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { below, random } from '../../base/random';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { ageEst, coldRec1, coldRec2, genEst, lifeEst } from '../paper/tasks';
import {
  AGES,
  domainOf,
  interestOf,
  isLabelled,
  longestHistory,
  profileOf,
  TARGETS,
  vocabularyOf,
  type World,
  writeHistory,
} from './synthetic';

/** Users whose histories are written together: their rows take turns, as in a log. */
const BLOCK = 1024;

/** Seconds: when the first history may begin, the time in which all begin, and from one row to the next. */
const EPOCH = 1_577_836_800;
const YEAR = 31_536_000;
const PAUSE = 60;

/** Name of a world, also of its folder. */
export const worldName = ({ kind, users, items, length, seed, labelled }: World): string =>
  `${kind}-${users}x${items}x${length}${labelled === undefined ? '' : `-${labelled}`}-s${seed}`;

/**
 * Writes a world as a data set: RecBole's atomic files and, last, their card. Repeatable byte by byte. Holds the rows of 1,024
 * users. Throws a UserError for a folder with files in it, and for a disk that is too small. Returns the number of interactions.
 */
export function writeWorld(world: World, folder: string): number {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UserError(`${folder}: expected a new or empty folder, found files in it`);
  let count = -1; // the header is no interaction
  const interactions = function* () {
    for (const line of interactionLines(world)) {
      count++;
      yield line;
    }
  };
  writeWhole(join(folder, 'synthetic.inter'), inBlocks(interactions()));
  writeWhole(join(folder, 'synthetic.user'), inBlocks(userLines(world)));
  writeWhole(join(folder, 'synthetic.item'), inBlocks(itemLines(world)));
  writeWhole(join(folder, 'dataset.json'), `${JSON.stringify(cardOf(world), null, 2)}\n`);
  return count;
}

/** The text of lines, a megabyte at once. */
function* inBlocks(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length <= 1 << 20) continue;
    yield text;
    text = '';
  }
  yield text;
}

function* userLines(world: World): Generator<string> {
  yield 'user_id:token\tage:token\tgender:token\tlife:token\tinterest:token';
  for (let user = 0; user < world.users; user++) {
    const { age, gender, life, first } = profileOf(world, user);
    yield isLabelled(world, user) ? `u${user}\t${age}\t${gender}\t${life}\t${first}` : `u${user}\t\t\t\t`;
  }
}

function* itemLines(world: World): Generator<string> {
  const { ends } = vocabularyOf(world);
  const domains = ['source', ...TARGETS.map(({ domain }) => domain)];
  yield 'item_id:token\tdomain:token\tinterest:token';
  for (let code = 0; code < ends[ends.length - 1]; code++)
    yield `i${code}\t${domains[domainOf(ends, code)]}\t${interestOf(ends, code)}`;
}

function* interactionLines(world: World): Generator<string> {
  yield 'user_id:token\titem_id:token\ttimestamp:float';
  const vocabulary = vocabularyOf(world);
  const width = longestHistory(world);
  const rows = new Int32Array(BLOCK * width);
  for (let first = 0; first < world.users; first += BLOCK) {
    const size = Math.min(BLOCK, world.users - first);
    const counts = new Int32Array(size).map((_, u) =>
      writeHistory(world, vocabulary, first + u, rows.subarray(u * width, (u + 1) * width)),
    );
    const begins = counts.map((_, u) => EPOCH + below(YEAR, random(world.seed, 'begin', String(first + u))));
    for (let place = 0; place < width; place++)
      for (let u = 0; u < size; u++)
        if (place < counts[u])
          yield `u${first + u}\ti${rows[u * width + place]}\t${begins[u] + PAUSE * place}`;
  }
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
