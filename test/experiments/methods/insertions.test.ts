import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paperAccount } from '../../../lib/data/paper/arithmetic';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called } from '../../../lib/experiments/methods/identity';
import { insertions } from '../../../lib/experiments/methods/insertions';

const { drawn, extension } = insertions(nonCausal.PeterRec);
const rows = [...Object.values(drawn), ...Object.values(extension)];

test('Table 7 has eleven insertions, all different in patches, id and label', () => {
  const distinct = (of: (row: (typeof rows)[number]) => unknown) =>
    new Set(rows.map((row) => JSON.stringify(of(row)))).size;
  assert.deepEqual(
    [distinct(({ patches }) => patches), distinct(({ id }) => id), distinct(({ label }) => label)],
    [11, 11, 11],
  );
});

test('four are drawn in the paper, and each differs from PeterRec in its patches alone', () => {
  assert.deepEqual(Object.keys(drawn), ['b', 'c', 'd', 'e']);
  for (const { id, label, patches, ...rest } of rows)
    assert.deepEqual({ ...nonCausal.PeterRec, ...rest }, nonCausal.PeterRec, `${id}, ${label}`);
  assert.equal(drawn.b.id, 'PeterRec-b');
});

test('what PeterRec has already is PeterRec itself under another label: (d), and (c) on the causal trunk', () => {
  assert.deepEqual(drawn.d, called(nonCausal.PeterRec, 'Parallel before LN, two (d)'));
  assert.deepEqual(insertions(causal.PeterRec).drawn.c, called(causal.PeterRec, 'Serial before LN, two (c)'));
  assert.equal(rows.filter(({ id }) => id === 'PeterRec').length, 1);
});

test('two patches of half size have as many weights as one', () => {
  const sizes = { items: 1, labels: 1, channels: 256, kernel: 3, layers: 16 };
  const weights = ({ patches }: (typeof rows)[number]) => {
    assert.ok(patches);
    return paperAccount({ ...sizes, patches: 8 * patches.perBlock, squeeze: patches.squeeze }).patches;
  };
  assert.equal(weights(extension.halves), weights(drawn.b));
  assert.equal(weights(drawn.c), 2 * weights(drawn.b));
});
