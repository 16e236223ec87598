import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCard } from '../../../lib/data/card/card';
import { readText } from '../../../lib/data/card/textFile';
import { folderWith } from '../folders';
import { newsFolder, withTask } from '../news';

const TARGET = { field: 'tags', any: ['video'] };
const VIDEOS = { kind: 'recommend', target: TARGET, perUser: 2, length: 4 };
const SEX = { kind: 'classify', source: 'Videos', label: 'sex' };
const videos = (keys: object) => withTask('Videos', { ...VIDEOS, ...keys });
const sex = (keys: object) => withTask('Sex', { ...SEX, ...keys });
/** Two classes, the first with these conditions. */
const classes = (where: object, name = 'a') => [
  { name, where },
  { name: 'b', where: {} },
];
const where = (first: object, name?: string) => sex({ label: undefined, classes: classes(first, name) });

const readCard = (file: string) => parseCard(file, readText(file));

const AUTHORS = { format: 'authors', users: undefined, items: undefined };

/** A mistake, and the key and the value that the message names. */
const mistakes: readonly (readonly [object, RegExp])[] = [
  [{ comment: 'hi' }, /: unknown key "comment"$/],
  [videos({ peruser: 3 }), /: unknown key "peruser" in tasks\.Videos$/],
  [{ name: '..' }, /: name: .*"\.\."$/],
  [withTask('a/b', VIDEOS), /: tasks: .*"a\/b"$/],
  [{ interactions: undefined }, /: interactions: .*found nothing$/],
  [{ format: 'lastfm' }, /: format: .*"recbole"\|.*"lastfm"$/],
  [{ licence: '\u001b[2J' }, /: licence: .*control characters, found "\\u001b\[2J"$/],
  [{ budgets: { pretraining: { fixed: 3 } } }, /: budgets\.pretraining\.fixed: expected none.* found 3$/],
  [{ users: undefined }, /: users: .*task Sex has classes, found nothing$/],
  [{ items: undefined }, /: items: .*task Videos has a target, found nothing$/],
  [{ format: 'tenrec', items: undefined }, /: users: expected none.*tenrec.*"news\.user"$/],
  [{ pretraining: 'x.csv' }, /: pretraining: expected none.*recbole.*"x\.csv"$/],
  [AUTHORS, /: tasks\.Sex\.kind: expected recommend.*"classify"$/],
  [{ ...AUTHORS, timeline: 0 }, /: timeline: expected none.* 0$/],
  [{ columns: { user: 'a', item: 'a', time: null } }, /: columns: expected different columns/],
  [{ columns: { user: 'a', item: 'b', time: 'b' } }, /: columns: expected a column of its own for time/],
  [{ columns: { user: 'a', item: 3, time: null } }, /: columns\.item: .*found 3$/],
  [{ timeFormat: '%Y' }, /: timeFormat: expected none, since format recbole/],
  [videos({ length: -4 }), /: tasks\.Videos\.length: .*-4$/],
  [videos({ perUser: 1.5 }), /: tasks\.Videos\.perUser: .*int.*1\.5$/],
  [videos({ perUser: undefined }), /: tasks\.Videos\.perUser: expected the number of target items.*nothing$/],
  [videos({ target: { field: 'tags', any: [true] } }), /: tasks\.Videos\.target\.any\.0: .*true$/],
  [videos({ target: { field: 'tags', any: 'video' } }), /: tasks\.Videos\.target\.any: .*array.*"video"$/],
  [videos({ target: { share: 1 } }), /: tasks\.Videos\.target\.share: .* 1$/],
  [sex({ classes: classes({}) }), /: tasks\.Sex\.label: expected either/],
  [sex({ length: 3 }), /: tasks\.Sex\.length: .*source.* 3$/],
  [sex({ source: 'Video' }), /: tasks\.Sex\.source: .*recommend task, found "Video"$/],
  [sex({ metric: 'MRR@5' }), /: tasks\.Sex\.metric: .*"Acc".*"MRR@5"$/],
  [where({ age: { form: 1 } }), /: unknown key "form" in tasks\.Sex\.classes\.0\.where\.age$/],
  [where({ age: 20 }), /: tasks\.Sex\.classes\.0\.where\.age: expected a list .*20$/],
  [where({ age: {} }), /: tasks\.Sex\.classes\.0\.where\.age: expected from, to or both, found \{\}$/],
  [where({ age: { from: 20, to: 10 } }), /: tasks\.Sex\.classes\.0\.where\.age: .*at most to.*"from":20/],
  [where({}, 'b'), /: tasks\.Sex\.classes: expected each class name once/],
];

for (const [card, message] of mistakes) {
  test(`a mistake in a card is one line: ${message.source}`, () => {
    const file = join(newsFolder({ card }), 'dataset.json');
    const whole = new RegExp(`^\\S+/dataset\\.json${message.source}`);
    assert.throws(() => readCard(file), { name: 'UserError', message: whole });
  });
}

test('a card that is not JSON is one line', () => {
  const file = join(folderWith({ 'dataset.json': '{ "name":\n oops' }), 'dataset.json');
  const message = /^\S+dataset\.json: expected a JSON document \(.*\)$/;
  assert.throws(() => readCard(file), { name: 'UserError', message });
});

test('a card fills in what it may leave out', () => {
  const card = readCard(join(newsFolder({ card: videos({}) }), 'dataset.json'));
  assert.deepEqual([card.onBadRow, card.format], ['error', 'recbole']);
  assert.deepEqual(card.tasks.Videos, { ...VIDEOS, minSource: 3 });
});
