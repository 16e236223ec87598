import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { documentsOf, instanceRows, outcomeRows, store, stored } from '../../lib/documents/store';
import { causal } from '../../lib/methods/family';
import { inFolder, news, parity } from '../recipes/tinyTasks';
import { sampleResult } from '../report/sampleResults';

const key = { task: 'News', experiment: 'PeterRec', hash: '0123456789ab', seed: 3, declaration: {} };
const result = sampleResult({ task: 'News', method: causal.PeterRec, seed: 3, test: { 'HR@5': 0.5 } });
/** Overwrites the document of the key. */
const overwrite = (out: string, document: unknown) =>
  fs.writeFileSync(path.join(out, 'results', 'News-PeterRec-0123456789ab-s3.json'), JSON.stringify(document));

test('a document and its rows are read as they were written', () =>
  inFolder((out) => {
    assert.equal(stored(out, key), undefined);
    const written = store(out, key, result, [
      { row: 4, user_id: 'u4', label: 'a', rank: 2 },
      { row: 7, user_id: 'u7', label: 'b', rank: 1 },
    ]);
    assert.deepEqual(written, { ...result, instances: 'News-PeterRec-0123456789ab-s3.tsv' });
    assert.deepEqual(stored(out, key), written);
    assert.equal(
      fs.readFileSync(path.join(out, 'results', written.instances), 'utf8'),
      'row\tuser_id\tlabel\trank\n4\tu4\ta\t2\n7\tu7\tb\t1\n',
    );
    assert.deepEqual(instanceRows(out, written)[1], { row: '7', user_id: 'u7', label: 'b', rank: '1' });
  }));

const damages: readonly (readonly [string, unknown, RegExp])[] = [
  ['an empty document', {}, /s3\.json: document\.schema: .*; without the file it is computed again$/],
  [
    'one without metrics',
    { ...result, instances: 'a.tsv', metrics: undefined },
    /s3\.json: document\.metrics: /,
  ],
  ['one with a word for a number', { ...result, instances: 'a.tsv', seconds: 'one' }, /document\.seconds: /],
  ['a number', 3, /s3\.json: document: /],
];

for (const [what, document, line] of damages) {
  test(`${what} is refused in one line that names the file`, () =>
    inFolder((out) => {
      store(out, key, result, [{ row: 0 }]);
      overwrite(out, document);
      assert.throws(() => stored(out, key), { name: 'UserError', message: line });
      assert.throws(() => documentsOf(out), { name: 'UserError', message: line });
    }));
}

test('a document of an older form is as if it were not there, and the others are read', () =>
  inFolder((out) => {
    store(out, key, result, [{ row: 0 }]);
    const other = store(out, { ...key, seed: 4 }, { ...result, seed: 4 }, [{ row: 0 }]);
    overwrite(out, { ...result, schema: 1, metric: undefined });
    assert.equal(stored(out, key), undefined);
    assert.deepEqual(documentsOf(out), [other]);
  }));

test('documents are read oldest first, and none where there is no folder', () =>
  inFolder((out) => {
    assert.deepEqual(documentsOf(out), []);
    const written = [5, 4, 6].map((seed, age) => {
      const document = store(out, { ...key, seed }, { ...result, seed }, [{ row: 0 }]);
      const file = path.join(out, 'results', document.instances.replace(/tsv$/, 'json'));
      fs.utimesSync(file, age, age);
      return document;
    });
    assert.deepEqual(documentsOf(out), written);
  }));

test('a document that was kept without its rows says so where they are needed', () =>
  inFolder((out) => {
    const written = store(out, key, result, [{ row: 0 }]);
    fs.rmSync(path.join(out, 'results', written.instances));
    assert.throws(() => instanceRows(out, written), {
      name: 'UserError',
      message: /s3\.tsv is not there: what needs every test instance must be run, not only read$/,
    });
  }));

test('another seed or hash is another document', () =>
  inFolder((out) => {
    store(out, key, result, [{ row: 0 }]);
    assert.equal(stored(out, { ...key, seed: 4 }), undefined);
    assert.equal(stored(out, { ...key, hash: 'ba9876543210' }), undefined);
  }));

test('a row names its instance, its user, its label, and its ranks or its predicted class', () => {
  assert.deepEqual(outcomeRows(news, [{ kind: 'ranked', instance: 13, rank: 2, fullRank: 5 }]), [
    { row: 13, user_id: 'user13', label: 'news3', rank: 2, full_rank: 5 },
  ]);
  assert.deepEqual(outcomeRows(parity, [{ kind: 'classified', instance: 2, predicted: 1, logLoss: 0.5 }]), [
    { row: 2, user_id: 'user2', label: 'even', predicted: 'odd' },
  ]);
});
