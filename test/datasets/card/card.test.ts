import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCard } from '../../../lib/datasets/card/card';
import { fileOfCard } from '../../../lib/datasets/card/cardFile';
import { folderWith } from '../folders';
import { newsFolder, withTask } from '../news';

const TARGET = { field: 'tags', any: ['video'] };
const VIDEOS = { kind: 'recommend', target: TARGET, perUser: 2, length: 4 };

const mistakes: readonly (readonly [string, object, string])[] = [
  ['an unknown key', { comment: 'hi' }, 'unknown key "comment"'],
  [
    'an unknown key of a task',
    withTask('Videos', { ...VIDEOS, peruser: 3 }),
    'unknown key "peruser" in tasks.Videos',
  ],
  [
    'a name that is a path',
    { name: '..' },
    'name: expected 1 to 64 of A-Z a-z 0-9 . _ - and not . or .., found ".."',
  ],
  [
    'a task name with a slash',
    withTask('a/b', VIDEOS),
    'tasks: expected 1 to 64 of A-Z a-z 0-9 . _ - and not . or .., found "a/b"',
  ],
  [
    'no interactions',
    { interactions: undefined },
    'interactions: expected string, received undefined, found nothing',
  ],
  [
    'a negative length',
    withTask('Videos', { ...VIDEOS, length: -4 }),
    'tasks.Videos.length: Too small: expected number to be >0, found -4',
  ],
  [
    'a fraction',
    withTask('Videos', { ...VIDEOS, perUser: 1.5 }),
    'tasks.Videos.perUser: expected int, received number, found 1.5',
  ],
  [
    'no number of targets',
    withTask('Videos', { kind: 'recommend', target: TARGET, length: 4 }),
    'tasks.Videos.perUser: expected the number of target items per user, since there is no split file, found nothing',
  ],
  [
    'label and classes',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      label: 'sex',
      classes: [
        { name: 'a', where: {} },
        { name: 'b', where: {} },
      ],
    }),
    'tasks.Sex.label: expected either label or classes, found "sex"',
  ],
  [
    'a length beside a source',
    withTask('Sex', { kind: 'classify', source: 'Videos', label: 'sex', length: 3 }),
    'tasks.Sex.length: expected either length or the source of another task, found 3',
  ],
  [
    'an unknown source',
    withTask('Sex', { kind: 'classify', source: 'Video', label: 'sex' }),
    'tasks.Sex.source: expected the name of a recommend task, found "Video"',
  ],
  [
    'a misspelt range',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'a', where: { age: { form: 1 } } },
        { name: 'b', where: {} },
      ],
    }),
    'unknown key "form" in tasks.Sex.classes.0.where.age',
  ],
  [
    'a bare value as condition',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'a', where: { age: 20 } },
        { name: 'b', where: {} },
      ],
    }),
    'tasks.Sex.classes.0.where.age: expected a list of values or { "from": number, "to": number }, found 20',
  ],
  [
    'an empty range',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'a', where: { age: {} } },
        { name: 'b', where: {} },
      ],
    }),
    'tasks.Sex.classes.0.where.age: expected from, to or both, found {}',
  ],
  [
    'a range from more to less',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'a', where: { age: { from: 20, to: 10 } } },
        { name: 'b', where: {} },
      ],
    }),
    'tasks.Sex.classes.0.where.age: expected from to be at most to, found {"from":20,"to":10}',
  ],
  [
    'a target that is neither text nor number',
    withTask('Videos', { ...VIDEOS, target: { field: 'tags', any: [true] } }),
    'tasks.Videos.target.any.0: expected a text or a number, found true',
  ],
  [
    'targets that are no list',
    withTask('Videos', { ...VIDEOS, target: { field: 'tags', any: 'video' } }),
    'tasks.Videos.target.any: expected a list of texts and numbers, found "video"',
  ],
  [
    'a fixed length of pre-training',
    { budgets: { pretraining: { fixed: 3 } } },
    'budgets.pretraining.fixed: expected none, since pre-training has no fixed number of passes, found 3',
  ],
  ['an empty licence', { licence: '' }, 'licence: expected a text that is not empty, found ""'],
  [
    'a class named twice',
    withTask('Sex', {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'a', where: {} },
        { name: 'a', where: {} },
      ],
    }),
    'tasks.Sex.classes: expected each class name once, found [{"name":"a","where":{}},{"name":"a","where":{}}]',
  ],
  [
    'no users file',
    { users: undefined },
    'users: expected a users file, since task Sex has classes, found nothing',
  ],
  [
    'no items file',
    { items: undefined },
    'items: expected an items file, since task Videos has a target, found nothing',
  ],
  [
    'a metric of no recommendation task',
    withTask('Videos', { ...VIDEOS, metric: 'HR@7' }),
    'tasks.Videos.metric: expected HR@5, MRR@5, NDCG@5, HR@5/full, or MRR@5/full, found "HR@7"',
  ],
  [
    'a metric of the other kind of task',
    withTask('Sex', { kind: 'classify', source: 'Videos', label: 'sex', metric: 'MRR@5' }),
    'tasks.Sex.metric: expected Acc, found "MRR@5"',
  ],
  [
    'an unknown format',
    { format: 'lastfm' },
    'format: Invalid option: expected one of "recbole"|"movielens"|"tenrec"|"authors"|"table", found "lastfm"',
  ],
  [
    'a users file beside interactions that have them',
    { format: 'tenrec', items: undefined },
    'users: expected none, since format tenrec has no users file, found "news.user"',
  ],
  [
    'a pre-training file of a format that has none',
    { pretraining: 'x.csv' },
    'pretraining: expected none, since format recbole has no pre-training file, found "x.csv"',
  ],
  [
    "a classification task on the authors' files",
    { format: 'authors', users: undefined, items: undefined },
    'tasks.Sex.kind: expected recommend, since the authors\' format has no users file, found "classify"',
  ],
  [
    'an escape sequence',
    { licence: '\u001b[2J' },
    'licence: expected text without control characters, found "\\u001b[2J"',
  ],
];

for (const [mistake, card, message] of mistakes) {
  test(`${mistake} in a card is one line that names the key`, () => {
    const file = join(newsFolder({ card }), 'dataset.json');
    assert.throws(() => readCard(file), { name: 'UserError', message: `${file}: ${message}` });
  });
}

test('a card that is not JSON is one line', () => {
  const file = join(folderWith({ 'dataset.json': '{ "name":\n oops' }), 'dataset.json');
  assert.throws(
    () => readCard(file),
    ({ message }: Error) =>
      message.startsWith(`${file}: expected a JSON document (`) && !message.includes('\n'),
  );
});

test('a card fills in what it may leave out', () => {
  const card = readCard(join(newsFolder({ card: withTask('Videos', VIDEOS) }), 'dataset.json'));
  assert.equal(card.onBadRow, 'error');
  assert.equal(card.format, 'recbole');
  assert.deepEqual(card.tasks.Videos, { ...VIDEOS, minSource: 3 });
});

test('a file of a card lies inside its folder, links resolved', () => {
  const outside = folderWith({ secret: '' });
  const folder = folderWith({ inside: '' });
  symlinkSync(join(outside, 'secret'), join(folder, 'link'));
  assert.equal(fileOfCard(folder, 'items', 'inside'), join(folder, 'inside'));
  const above = `../${outside.split('/').at(-1)}/secret`;
  const refused = [
    [above, `a file inside the folder, found "${above}"`],
    ['link', 'a file inside the folder, found "link", a link that leads out of it'],
    ['.', 'a file, found the folder "."'],
    ['missing', 'a file in the folder, found no "missing"'],
  ];
  for (const [path, line] of refused) {
    assert.throws(() => fileOfCard(folder, 'items', path), {
      name: 'UserError',
      message: `${folder}/dataset.json: items: expected ${line}`,
    });
  }
  assert.throws(() => fileOfCard(folder, 'items', 'absent'), {
    name: 'UserError',
    message: `${folder}/dataset.json: items: expected a file in the folder, found no "absent"`,
  });
});
