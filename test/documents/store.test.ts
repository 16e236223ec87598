import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Result } from '../../lib/documents/document';
import { documentsOf, instanceRows, outcomeRows, store, stored } from '../../lib/documents/store';
import { causal } from '../../lib/methods/family';
import { inFolder, news, parity } from '../recipes/tinyTasks';
import { sampleResult } from '../report/sampleResults';

const key = { task: 'News', experiment: 'PeterRec', hash: '0123456789ab', seed: 3, declaration: {} };
const result = sampleResult({ task: 'News', method: causal.PeterRec, seed: 3, test: { 'HR@5': 0.5 } });

test('a document and its rows are read as they were written', () =>
  inFolder((out) => {
    assert.equal(stored(out, key), undefined);
    const written = store(out, key, result, [
      { row: 4, user_id: 'u4', label: 'a', rank: 2 },
      { row: 7, user_id: 'u7', label: 'b', rank: 1 },
    ]);
    const { files, checksum, ...content } = written;
    assert.deepEqual(Object.keys(files), ['News-PeterRec-0123456789ab-s3.tsv']);
    assert.match(checksum, /^[0-9a-f]{64}$/);
    const { files: _, checksum: __, ...sample } = result;
    assert.deepEqual(content, { ...sample, instances: 'News-PeterRec-0123456789ab-s3.tsv' });
    assert.deepEqual(stored(out, key), written);
    assert.equal(
      fs.readFileSync(path.join(out, 'results', written.instances), 'utf8'),
      'row\tuser_id\tlabel\trank\n4\tu4\ta\t2\n7\tu7\tb\t1\n',
    );
    assert.deepEqual(instanceRows(out, written)[1], { row: '7', user_id: 'u7', label: 'b', rank: '1' });
  }));

/** What becomes of files of a document where one of them is changed: the lines that were said. */
function afterDamage(
  t: TestContext,
  out: string,
  file: string,
  change: (content: Buffer) => Buffer,
): string[] {
  const said: string[] = [];
  t.mock.method(console, 'log', (line: string) => said.push(line));
  const whole = path.join(out, 'results', file);
  fs.writeFileSync(whole, change(fs.readFileSync(whole)));
  assert.equal(stored(out, key), undefined);
  assert.deepEqual(documentsOf(out), []);
  assert.ok(fs.existsSync(`${whole}.damaged`));
  return said;
}

const DOCUMENT = 'News-PeterRec-0123456789ab-s3.json';
const ROWS = 'News-PeterRec-0123456789ab-s3.tsv';

const damages: readonly (readonly [
  what: string,
  file: string,
  change: (text: string) => string,
  why: RegExp,
])[] = [
  ['an empty document', DOCUMENT, () => '{}', /has another checksum than it says/],
  ['a document that was cut off', DOCUMENT, (text) => text.slice(0, 100), /is no JSON object/],
  ['a number for a document', DOCUMENT, () => '3', /is no JSON object/],
  ['another metric', DOCUMENT, (text) => text.replace('0.5', '0.6'), /has another checksum/],
  ['a key with another letter', DOCUMENT, (text) => text.replace('"HR@5"', '"HR@6"'), /has another checksum/],
  ['rows that were cut off', ROWS, (text) => text.slice(0, -3), /another checksum than it was written with/],
  ['another rank', ROWS, (text) => text.replace('\t2', '\t1'), /another checksum than it was written with/],
];

for (const [what, file, change, why] of damages) {
  test(`${what} is set aside in one line that names the file, and is then not there`, (t) =>
    inFolder((out) => {
      store(out, key, result, [{ row: 0, rank: 2 }]);
      const said = afterDamage(t, out, file, (content) => Buffer.from(change(content.toString())));
      assert.equal(said.length, 1);
      assert.match(said[0], why);
      assert.ok(said[0].startsWith(path.join(out, 'results', file)), said[0]);
      assert.ok(said[0].endsWith('.damaged, it is computed again'), said[0]);
      assert.ok(fs.existsSync(path.join(out, 'results', `${DOCUMENT}.damaged`)));
      const again = store(out, key, result, [{ row: 0, rank: 2 }]);
      assert.deepEqual(stored(out, key), again);
    }));
}

test('a document that was written by other code and lacks a field is set aside too', (t) =>
  inFolder((out) => {
    t.mock.method(console, 'log', () => undefined);
    store(out, key, { ...result, seconds: 'one' } as unknown as Result, [{ row: 0 }]);
    assert.equal(stored(out, key), undefined);
  }));

test('a document of an older form is as if it were not there, and the others are read', () =>
  inFolder((out) => {
    store(out, key, result, [{ row: 0 }]);
    const other = store(out, { ...key, seed: 4 }, { ...result, seed: 4 }, [{ row: 0 }]);
    const file = path.join(out, 'results', DOCUMENT);
    fs.writeFileSync(file, JSON.stringify({ ...result, schema: 1, metric: undefined }));
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
  const probabilities = [1 / 3, 2 / 3];
  const outcome = { kind: 'classified', instance: 2, predicted: 1, probabilities, logLoss: 0.5 } as const;
  assert.deepEqual(outcomeRows(parity, [outcome]), [
    { row: 2, user_id: 'user2', label: 'even', predicted: 'odd', 'p:even': 0.3333333, 'p:odd': 0.6666667 },
  ]);
});
