import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { modelIds, rawIds, readSequences } from '../../../lib/model/exchange/sequenceFile';
import { folderWith } from '../../data/folders';

const read = (text: string | Uint8Array, idOf = modelIds(10)) =>
  readSequences(path.join(folderWith({ 'in.csv': text }), 'in.csv'), idOf).map((row) => [...row]);

const FILMS = rawIds(['m1', 'Heat, 1995', 'm3']);

test('rows may have any length and any kind of line end', () => {
  assert.deepEqual(read('1,2,3\n4\n5,9'), [[1, 2, 3], [4], [5, 9]]);
  assert.deepEqual(read('\uFEFF1, 2\r\n0\r\n'), [[1, 2], [0]]);
  assert.deepEqual(read('1\r\n2\n3,4\r\n'), [[1], [2], [3, 4]]);
  assert.deepEqual(read('1\r2\r'), [[1], [2]]);
});

test('raw items are numbered by their place in the vocabulary, from 1; blanks around them are left out', () => {
  assert.deepEqual(read('m3,m1,m3\n"Heat, 1995"\n', FILMS), [[3, 1, 3], [2]]);
  const blank = rawIds([' m1', 'm1', 'm2 ']);
  assert.deepEqual(read(' m1,m1, m1 \n"m2 ",m2 \n', blank), [
    [1, 2, 2],
    [3, 3],
  ]);
});

const MISTAKES: readonly (readonly [
  what: string,
  text: string | Uint8Array,
  found: RegExp,
  typeof FILMS?,
])[] = [
  ['an id beyond the table', '1,2\n3,10\n', /in\.csv: line 2, column 2: .* 0 to 9, found "10"$/],
  ['a negative id', '-1\n', /line 1, column 1: .* found "-1"$/],
  ['an id that is no whole number', '1.5\n', /line 1, column 1: .* found "1\.5"$/],
  ['an empty cell', '1,,2\n', /line 1, column 2: .* found ""$/],
  ['an empty line', '1\n\n2\n', /line 2: .* empty line$/],
  ['an empty last line', '1\n\n', /line 2: .* empty line$/],
  ['an empty file', '', /in\.csv: .* empty file$/],
  ['an unknown item', 'm1\nm1,m4\n', /line 2, column 2: .* 3 items .* found "m4"$/, FILMS],
  ['a line break in quotes', 'm1\n"m1\n",m3\n', /line 2: expected double quotes .* found "\\"m1"$/, FILMS],
  ['a control character', '\u0000\u001b[2J\n', /line 1, column 1: .* found "\\u0000\\u001b\[2J"$/],
  ['UTF-16', Buffer.from('\ufeff1,2\n', 'utf16le'), /in\.csv: expected UTF-8/],
  ['a compressed file', gzipSync('1,2\n'), /in\.csv: expected UTF-8/],
];
for (const [what, text, message, ids] of MISTAKES)
  test(`${what}: the error says where it stands`, () =>
    assert.throws(() => read(text, ids), { name: 'UserError', message }));
