import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsTable, significanceOf } from '../../../lib/report/table/claims';
import { toMarkdown } from '../../../lib/report/table/formats';
import { sampleClaim } from '../sampleClaim';

test('a claim is a row with its numbers, its verdict and the users that would decide it', () => {
  const [row] = claimsTable('claims', [sampleClaim()]).rows;
  assert.deepEqual(row, {
    task: 'GenEst',
    claim: 'FineAll > FineZero',
    metric: 'Acc',
    difference: 0.031,
    low: 0.017,
    high: 0.046,
    seedLow: -0.01,
    seedHigh: 0.07,
    effect: 0.2,
    p: 0.015,
    users: 869,
    seeds: 3,
    verdict: 'holds',
    needed: 700,
  });
});

test('what one seed, users who differ alike or a difference of 0 do not give is an empty cell', () => {
  const nothing = { seedLow: Number.NaN, seedHigh: Number.NaN, effect: Number.POSITIVE_INFINITY };
  const table = claimsTable('claims', [sampleClaim({ ...nothing, needed: null })]);
  const { seedLow, seedHigh, effect, needed } = table.rows[0];
  assert.deepEqual([seedLow, seedHigh, effect, needed], [null, null, null, null]);
  assert.doesNotMatch(toMarkdown(table), /NaN|Infinity|null/);
});

test('equivalence has its own sign, and the note the margin', () => {
  const { rows, note } = claimsTable('claims', [sampleClaim({ kind: 'equivalence' })]);
  assert.equal(rows[0].claim, 'FineAll ≈ FineZero');
  assert.match(note ?? '', /within ± 0\.01/);
});

test('a method is marked for all that it is shown to be better than, or as good as', () => {
  const { marks, note } = significanceOf([
    sampleClaim({ first: 'PeterRec', second: 'LabelCS' }),
    sampleClaim({ first: 'PeterRec', second: 'FineAll', kind: 'equivalence' }),
    sampleClaim({ first: 'PeterRec', second: 'LabelCS', task: 'AgeEst' }),
  ]);
  assert.deepEqual(marks, [
    { task: 'GenEst', method: 'PeterRec', mark: '*†' },
    { task: 'AgeEst', method: 'PeterRec', mark: '*' },
  ]);
  assert.match(note, /: \* better than LabelCS, † as good as FineAll\.$/);
});

test('where the claim is turned round, the other method is marked', () => {
  const { marks, note } = significanceOf([sampleClaim({ verdict: 'does not hold', difference: -0.1 })]);
  assert.deepEqual(marks, [{ task: 'GenEst', method: 'FineZero', mark: '*' }]);
  assert.match(note, /: \* better than FineAll\.$/);
});

test('what is undecided, or not as good, has no mark, and the note says that none is shown', () => {
  const { marks, note } = significanceOf([
    sampleClaim({ verdict: 'undecided' }),
    sampleClaim({ kind: 'equivalence', verdict: 'does not hold' }),
  ]);
  assert.deepEqual(marks, []);
  assert.match(note, /^No claim /);
});

for (const count of [6, 7, 30]) {
  test(`${count} opponents have ${count} marks, each explained once`, () => {
    const opponents = Array.from({ length: count }, (_, i) => `opponent ${i}.`);
    const { marks, note } = significanceOf(
      opponents.map((second, i) => sampleClaim({ second, task: `task ${i}` })),
    );
    assert.equal(new Set(marks.map(({ mark }) => mark)).size, count);
    marks.forEach(({ mark }, i) => {
      assert.ok(note.includes(`${mark} better than opponent ${i}.`), `${mark} ${note}`);
    });
    assert.doesNotMatch(note, /undefined/);
  });
}

test('seven opponents have letters, thirty go on with numbered ones', () => {
  const mark = (count: number) =>
    significanceOf(Array.from({ length: count }, (_, i) => sampleClaim({ second: `o${i}` }))).marks[0].mark;
  assert.equal(mark(2), '*†');
  assert.equal(mark(7), 'abcdefg');
  assert.match(mark(28), /^abc.*xyza1b1$/);
});
