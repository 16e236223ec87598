import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../../lib/evidence/questions';
import { causal, nonCausal } from '../../../lib/methods/family';
import { called, type Method } from '../../../lib/methods/identity';
import { LabelCS } from '../../../lib/methods/opponents';
import { significanceOf } from '../../../lib/report/table/marks';
import { sampleClaim } from '../sampleClaim';

const { PeterRec, FineAll, FineZero } = causal;

test('a method is marked for all that it is shown to be better than, or as good as', () => {
  const { markOf, note } = significanceOf([
    sampleClaim({ question: better(PeterRec, LabelCS) }),
    sampleClaim({ question: alike(PeterRec, FineAll) }),
    sampleClaim({ question: better(PeterRec, LabelCS), task: 'AgeEst' }),
  ]);
  assert.deepEqual([markOf('GenEst', PeterRec), markOf('AgeEst', PeterRec)], ['*†', '*']);
  assert.deepEqual([markOf('GenEst', LabelCS), markOf('GenEst', FineAll)], [undefined, undefined]);
  assert.match(note, /: \* better than LabelCS, † as good as FineAll\.$/);
});

test('where the claim is turned round, the other method is marked', () => {
  const { markOf, note } = significanceOf([sampleClaim({ verdict: 'does not hold', difference: -0.1 })]);
  assert.deepEqual([markOf('GenEst', FineAll), markOf('GenEst', FineZero)], [undefined, '*']);
  assert.match(note, /: \* better than FineAll\.$/);
});

test('of two that are not alike the one that is better is marked', () => {
  const unlike = { question: alike(FineAll, FineZero), verdict: 'does not hold' } as const;
  for (const [difference, marked, note] of [
    [0.1, FineAll, /: \* more than 0\.01 better than FineZero\.$/],
    [-0.1, FineZero, /: \* more than 0\.01 better than FineAll\.$/],
  ] as const) {
    const found = significanceOf([sampleClaim({ ...unlike, difference })]);
    assert.deepEqual(
      [FineAll, FineZero].map((method) => found.markOf('GenEst', method)),
      [FineAll, FineZero].map((method) => (method === marked ? '*' : undefined)),
    );
    assert.match(found.note, note);
  }
});

test('what is undecided has no mark, and the note says that none is shown', () => {
  const { markOf, note } = significanceOf([sampleClaim({ verdict: 'undecided' })]);
  assert.deepEqual([markOf('GenEst', FineAll), markOf('GenEst', FineZero)], [undefined, undefined]);
  assert.match(note, /^No claim /);
});

test('a mark belongs to the experiment: not to its namesake, and whatever a table calls it', () => {
  const { markOf, note } = significanceOf([
    sampleClaim({
      question: better(called(nonCausal.PeterRec, 'PeterRec_on'), called(PeterRec, 'PeterRec_al')),
    }),
  ]);
  const marks = [nonCausal.PeterRec, PeterRec, { ...nonCausal.PeterRec, training: 0.1 }];
  assert.deepEqual(
    marks.map((method) => markOf('GenEst', method)),
    ['*', undefined, undefined],
  );
  assert.match(note, /: \* better than PeterRec_al\.$/);
});

const opponents = (count: number): Method[] =>
  Array.from({ length: count }, (_, i) => ({ id: `o${i}`, label: `opponent ${i}.`, trunk: 'none' }));

for (const count of [6, 7, 30]) {
  test(`${count} opponents have ${count} marks, each explained once`, () => {
    const { markOf, note } = significanceOf(
      opponents(count).map((second, i) =>
        sampleClaim({ question: better(PeterRec, second), task: `task ${i}` }),
      ),
    );
    const marks = opponents(count).map((_, i) => markOf(`task ${i}`, PeterRec));
    assert.equal(new Set(marks).size, count);
    marks.forEach((mark, i) => {
      assert.ok(note.includes(`${mark} better than opponent ${i}.`), `${mark} ${note}`);
    });
    assert.doesNotMatch(note, /undefined/);
  });
}

test('seven opponents have letters, thirty go on with numbered ones', () => {
  const mark = (count: number) =>
    significanceOf(
      opponents(count).map((second) => sampleClaim({ question: better(PeterRec, second) })),
    ).markOf('GenEst', PeterRec);
  assert.equal(mark(2), '*†');
  assert.equal(mark(7), 'abcdefg');
  assert.match(mark(28) ?? '', /^abc.*xyza1b1$/);
});
