import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { modelIds, rawIds, readSequences } from '../../lib/exchange/sequenceFile';
import { folderWith } from '../datasets/folders';

const read = (text: string, idOf = modelIds(10)) =>
  readSequences(path.join(folderWith({ 'in.csv': text }), 'in.csv'), idOf).map((row) => [...row]);

const FILMS = rawIds(['m1', 'Heat, 1995', 'm3']);

test('rows may have any length and any kind of line end', () => {
  assert.deepEqual(read('1,2,3\n4\n5,9'), [[1, 2, 3], [4], [5, 9]]);
  assert.deepEqual(read('\uFEFF1, 2\r\n0\r\n'), [[1, 2], [0]]);
});

test('raw items are numbered by their place in the vocabulary, from 1', () => {
  assert.deepEqual(read('m3,m1,m3\n"Heat, 1995"\n', FILMS), [[3, 1, 3], [2]]);
});

const MISTAKES: readonly (readonly [string, string, RegExp, ReturnType<typeof rawIds>?])[] = [
  [
    'an id beyond the table',
    '1,2\n3,10\n',
    /in\.csv: line 2, column 2: '10', expected an id of the model, 0 to 9$/,
  ],
  ['a negative id', '-1\n', /in\.csv: line 1, column 1: '-1', expected an id of the model/],
  ['an id that is no whole number', '1.5\n', /in\.csv: line 1, column 1: '1\.5', expected/],
  ['an empty cell', '1,,2\n', /in\.csv: line 1, column 2: '', expected/],
  ['an empty line', '1\n\n2\n', /in\.csv: line 2 is empty/],
  ['an empty last line', '1\n\n', /in\.csv: line 2 is empty/],
  ['an empty file', '', /in\.csv: expected a line of items for each user, found an empty file$/],
  [
    'an unknown item',
    'm1\nm1,m4\n',
    /in\.csv: line 2, column 2: 'm4', expected one of the 3 items that the model was trained on$/,
    FILMS,
  ],
];

for (const [what, text, message, idOf] of MISTAKES) {
  test(`${what} is an error that says where it stands`, () => {
    assert.throws(() => read(text, idOf), { name: 'UserError', message });
  });
}
