import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import type { Method } from '../../lib/experiments/methods/identity';

const { PeterRec, FineAll } = causal;

const strangers: readonly (readonly [string, unknown, string])[] = [
  ['a misspelt experiment', (causal as Record<string, unknown>).PeterRek, 'undefined'],
  ['a label', 'PeterRec', '"PeterRec"'],
  ['null', null, 'null'],
  ['an object that is none', { label: 'PeterRec' }, "{ label: 'PeterRec' }"],
];

for (const [what, stranger, shown] of strangers)
  test(`${what} in the place of an experiment is named, with the word that asks`, () => {
    const [method, message] = [stranger as Method, `better: expected an experiment, found ${shown}`];
    assert.throws(() => better(method, FineAll), { message });
    assert.throws(() => alike(PeterRec, method), { message: message.replace('better', 'alike') });
  });
