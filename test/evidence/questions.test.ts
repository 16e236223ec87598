import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, asked, better } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';

const { PeterRec, FineAll } = causal;

test('a question says what is claimed of two experiments', () => {
  assert.deepEqual(better(PeterRec, FineAll), { kind: 'superiority', first: PeterRec, second: FineAll });
  assert.deepEqual(alike(PeterRec, FineAll), { kind: 'equivalence', first: PeterRec, second: FineAll });
});

test('the same questions can be asked of some tasks alone', () => {
  assert.deepEqual(asked('classify', [better(PeterRec, FineAll)]), [
    { ...better(PeterRec, FineAll), on: 'classify' },
  ]);
});

const strangers: readonly (readonly [string, unknown, string])[] = [
  ['a misspelt experiment', (causal as Record<string, unknown>).PeterRek, 'undefined'],
  ['a label', 'PeterRec', '"PeterRec"'],
  ['null', null, 'null'],
  ['an object that is none', { label: 'PeterRec' }, "{ label: 'PeterRec' }"],
];

for (const [what, stranger, shown] of strangers) {
  test(`${what} in the place of an experiment is named, with the word that asks`, () => {
    const method = stranger as Method;
    assert.throws(() => better(method, FineAll), {
      message: `better: expected an experiment, found ${shown}`,
    });
    assert.throws(() => alike(PeterRec, method), {
      message: `alike: expected an experiment, found ${shown}`,
    });
  });
}
