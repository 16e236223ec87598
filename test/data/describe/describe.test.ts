import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDataset } from '../../../lib/data/describe/describe';
import { formatDescription } from '../../../lib/data/describe/formatDescription';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { tsv } from '../folders';
import { CARD, newsFolder, withTask } from '../news';

const dataset = loadDataset(newsFolder({ card: { licence: 'CC0', citation: 'A. Author. 2020.' } }));
const description = describeDataset(dataset, buildTasks(dataset));

test('a description has a row of Table 1 for each task', () => {
  assert.deepEqual(description.tasks[0], {
    task: 'Videos',
    kind: 'recommend',
    source: 'Videos',
    sourceInstances: 3,
    sourceItems: 3,
    users: 2, // ann and dan; bob has no target
    targetInstances: 3,
    testInstances: 1, // 2 train, none validates
    validation: { instances: 0, joined: 0, enough: false },
    labels: 4,
    sequenceLength: { min: 2, median: 2, mean: 8 / 3, max: 4 }, // 2, 4, 2
    classShares: {},
    majority: 1 / 3,
    popularity: { 'HR@5': 1, 'MRR@5': 1 / 2, 'HR@5/full': 1, 'MRR@5/full': 1 / 2 },
    hindsight: { instances: 2 / 3, items: (1 / 2 + 1 / 2 + 0) / 3 },
    namesNegatives: false,
    usersShortOfNegatives: 2,
    dropped: [
      { what: 'users', why: 'fewer than 2 source items', count: 1 },
      { what: 'users with target items', why: 'not in the source', count: 1 },
    ],
  });
  const { classShares, majority, popularity } = description.tasks[1];
  assert.deepEqual({ classShares, majority }, { classShares: { f: 2 / 3, m: 1 / 3 }, majority: 2 / 3 });
  assert.equal(popularity, null);
});

test('users whose negatives a split file gives are short of none, and popularity says what it was ranked beside', () => {
  const rows = ['ann z test w', 'ann x train ', 'dan z valid w', 'bob x test '];
  const split = tsv('user_id label split negatives', ...rows);
  const card = withTask('Videos', { ...CARD.tasks.Videos, split: 'split.tsv' });
  const given = loadDataset(newsFolder({ card, split }));
  const told = describeDataset(given, buildTasks(given));
  assert.equal(told.tasks[0].usersShortOfNegatives, 1); // bob
  assert.match(formatDescription(told), /among the negatives of the split file; .* among all/);
});

test('on a timeline its time is told, what of each task is tested, and what the label most frequent before it reaches there', () => {
  const interactions = ['ann', 'bob', 'cid', 'dan'].flatMap((user, u) =>
    [...'abc'].map((item, i) => [user, item, (user === 'ann' ? 0 : 10) + i + u] as const),
  );
  const users = tsv('user_id:token sex:token', 'ann f', 'bob m', 'cid m', 'dan f');
  const tasks = { Sex: { kind: 'classify', label: 'sex', length: 3 } };
  const timed = loadDataset(newsFolder({ interactions, users, card: { timeline: 10, tasks } }));
  const told = describeDataset(timed, buildTasks(timed));
  assert.deepEqual(told.timeline, { time: '10', interactions: 3 });
  assert.equal(told.tasks[0].majority, 1 / 3); // f before it, and then m, m and f
  assert.deepEqual(formatDescription(told).split('\n').slice(5, 8), [
    'Timeline: 3 of 12 interactions lie before 10; what comes at that time or later is tested',
    'Sex: 3 of 4 instances are tested; always predicting the label most frequent before that time is right for 33.3 % of them',
    'Sex: f 50.0 %, m 50.0 %',
  ]);
  assert.equal(description.timeline, null);
  assert.equal(told.tasks[0].hindsight, null);
});

test('with a split file the most frequent label is that of training, its share that among those tested', () => {
  const rows = ['ann f train', 'dan f train', 'bob m test', 'eve m test', 'fay m valid', 'gus f test'];
  const users = tsv('user_id:token sex:token', ...rows.map((row) => row.slice(0, 5)));
  const split = tsv('user_id label split negatives', ...rows.map((row) => `${row} `));
  const interactions = rows.flatMap((row) =>
    [...'abc'].map((item, i) => [row.slice(0, 3), item, i] as const),
  );
  const card = { tasks: { Sex: { kind: 'classify', label: 'sex', length: 3, split: 'split.tsv' } } };
  const given = loadDataset(newsFolder({ interactions, users, card, split }));
  assert.equal(describeDataset(given, buildTasks(given)).tasks[0].majority, 1 / 3); // f, and then m, m and f
});

test('a description is printed with everything that was dropped, and why', () => {
  const lines = formatDescription(description).split('\n');
  assert.equal(lines[0], 'news: 16 interactions, 4 users, 7 items');
  assert.match(lines[3], /^Videos +Videos +3 +3 +2\/2\/2\.7\/4 +2 +3 +4 +33\.3 %$/);
  assert.deepEqual(lines.slice(8), [
    'Sex: f 66.7 %, m 33.3 %',
    'Age: young 50.0 %, not old 50.0 %, old man 0.0 %',
    'Everything: f 75.0 %, m 25.0 %',
    'Videos: item popularity on the test part of seed 1 (1 instances): HR@5 1.000, MRR@5 0.500 among 1 + 99; HR@5 1.000, MRR@5 0.500 among all',
    'Videos: on average 33.3 % of a source sequence came after the target item; 66.7 % of the instances read such items',
    ...Object.entries({ Videos: 0, Sex: 1, Age: 1, Everything: 2 }).map(
      ([task, validating]) =>
        `${task}: ${validating} validation instances, out of a fifth of the users, are too few for early stopping and tuning: the number of passes is fixed`,
    ),
    'Videos: 2 users with fewer than 99 negatives are ranked against all that remain',
    'Fields of users: age (token), sex (token)',
    'Fields of items: tags (list)',
    'Videos: dropped 1 users: fewer than 2 source items',
    'Videos: dropped 1 users with target items: not in the source',
    'Sex: dropped 1 users: fewer than 2 source items',
    'Age: dropped 1 users: fewer than 2 source items',
    'Age: dropped 1 users: in none of the classes',
    'Licence: CC0',
    'Citation: A. Author. 2020.',
  ]);
});
