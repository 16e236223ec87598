import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '../../../lib/datasets/reading/formats/reading';
import { below, random } from '../../../lib/random';
import { UserError } from '../../../lib/userError';
import { folderWith } from '../folders';
import { type Damaged, type DamagedFiles, damage, damagedFiles } from './damage';
import { ML_1M, ML_25M, ML_100K } from './grouplens';
import { type Contents, gunzipped, independentlyRead } from './independentReader';
import { columnOf, historiesIn, readFolder } from './readFolder';

/** Data sets that are damaged. */
const CASES = 300;

/** What the reader says a data set holds; undefined where it refuses it in one line. */
async function read({ files, compressed }: Damaged): Promise<Contents | undefined> {
  const extension = compressed ? '.gz' : '';
  const folder = folderWith({
    'dataset.json': files.card,
    [`small.inter${extension}`]: files.interactions,
    [`small.user${extension}`]: files.users,
    [`small.item${extension}`]: files.items,
  });
  const reading = await readOrRefuse(folder);
  return (
    reading && {
      histories: historiesIn(reading),
      users: columnOf(reading.users, 'user_id') ?? [],
      items: columnOf(reading.items, 'item_id') ?? [],
      dropped: reading.dropped.reduce((sum, { count }) => sum + count, 0),
    }
  );
}

async function readOrRefuse(folder: string): Promise<Reading | undefined> {
  try {
    return await readFolder(folder);
  } catch (error) {
    assert.ok(error instanceof UserError, `expected a message for the user, found ${(error as Error).stack}`);
    assert.match(error.message, /^[^\n]+$/);
    return undefined;
  }
}

/** The same by the independent reader. */
function readIndependently({ files, compressed }: Damaged): Contents | undefined {
  const unpack = (bytes: Buffer) => (compressed ? gunzipped(bytes) : bytes);
  const rows = {
    interactions: unpack(files.interactions),
    users: unpack(files.users),
    items: unpack(files.items),
  };
  if (!rows.interactions || !rows.users || !rows.items) return undefined;
  const card = JSON.parse(new TextDecoder().decode(files.card)); // which skips a byte order mark
  return independentlyRead(rows as Omit<DamagedFiles, 'card'>, card.onBadRow ?? 'error');
}

test(`of ${CASES} damaged data sets each is refused in one line or read as an independent reader reads it`, async () => {
  let refused = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const damaged = damagedFiles(seed);
    const found = await read(damaged);
    if (found === undefined) refused++;
    if (found !== undefined || damaged.cardIsSound) {
      assert.deepEqual(found, readIndependently(damaged), `seed ${seed}`);
    }
  }
  assert.ok(refused > CASES / 4 && refused < CASES, `${refused} refused`);
});

const cardOf = (format: string) =>
  JSON.stringify({
    name: 'x',
    format,
    interactions: 'x.csv',
    onBadRow: 'drop',
    tasks: { T: { kind: 'recommend', target: { field: 'domain', any: ['target'] }, perUser: 1, length: 4 } },
  });

const FORMS: readonly Readonly<Record<string, string | Uint8Array>>[] = [
  ML_100K,
  ML_1M,
  ML_25M,
  { 'dataset.json': cardOf('authors'), 'x.csv': '0,5,6,,7,8\n5,9,4,,7\n'.repeat(4) },
  {
    'dataset.json': cardOf('tenrec'),
    'x.csv': `user_id,item_id,click,follow,like,share,video_category,watching_times,gender,age\n${'1,a,1,0,0,0,1,1,2,3\n2,"b",1,0,0,0,1,0,1,4\n'.repeat(4)}`,
  },
];

test(`damaged files of the other formats are refused in one line or read`, async () => {
  let refused = 0;
  const count = Math.ceil(CASES / 3);
  for (let seed = 1; seed <= count; seed++) {
    const stream = random(seed, 'other formats');
    const form = FORMS[below(FORMS.length, stream)];
    const names = Object.keys(form).filter((name) => name !== 'dataset.json');
    const hit = names[below(names.length, stream)];
    const reading = await readOrRefuse(
      folderWith({ ...form, [hit]: damage(Buffer.from(form[hit]), stream) }),
    );
    if (reading === undefined) refused++;
    else
      assert.equal(
        reading.interactions.counts.reduce((sum, n) => sum + n),
        reading.interactions.itemAt.length,
      );
  }
  assert.ok(refused > 0 && refused < count, `${refused} of ${count} refused`);
});
