/** What is in the fingerprints of data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint } from '../../../lib/base/fingerprint';
import { sourceFingerprint, taskFingerprint } from '../../../lib/experiments/records/fingerprints';
import { news, source } from '../recipes/tinyTasks';

test('the order of keys keeps a fingerprint, a value and the order of a list change it', () => {
  const digits = fingerprint({ a: 1, b: { c: [1, 2], d: null } });
  assert.match(digits, /^[0-9a-f]{12}$/);
  assert.equal(fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }), digits);
  assert.notEqual(fingerprint({ a: 1, b: { c: [2, 1], d: null } }), digits);
  assert.notEqual(fingerprint({ a: 2, b: { c: [1, 2], d: null } }), digits);
});

test('every part of a source and of a task that decides numbers is in its fingerprint', () => {
  const sequences = [...source.sequences];
  sequences[0] = sequences[0].map((item, i) => (i === 0 ? (item % 12) + 1 : item));
  const sources = [
    source,
    { ...source, length: 9 },
    { ...source, sequences },
    { ...source, preceding: [Int32Array.of(1), ...source.preceding.slice(1)] },
    { ...source, items: [...source.items].reverse() },
    { ...source, users: [...source.users].reverse() },
  ];
  assert.equal(new Set(sources.map(sourceFingerprint)).size, sources.length);
  const split = { train: [0], valid: [1], test: [2] };
  const tasks = [
    ...sources.map((of) => ({ ...news, source: of })),
    { ...news, instances: news.instances.slice(1) },
    { ...news, labels: [...news.labels, 'more'] },
    { ...news, known: news.known.map((labels) => [...labels, 0]) },
    { ...news, given: { split, negatives: [] } },
    { ...news, given: { split, negatives: [Int32Array.of(1)] } },
    { ...news, name: 'Olds' },
    { ...news, metric: 'NDCG@5' },
  ];
  assert.equal(new Set(tasks.map(taskFingerprint)).size, tasks.length);
});

test('where one sequence ends and the next begins counts', () => {
  const split = (...sequences: number[][]) =>
    sourceFingerprint({ ...source, sequences: sequences.map((items) => Int32Array.from(items)) });
  assert.notEqual(split([1, 2], [3]), split([1], [2, 3]));
});
