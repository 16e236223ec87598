import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { instanceNumbers, userNumbers } from '../../../lib/data/tasks/numbers';
import { lock } from '../../../lib/experiments/documents/checkpoint';
import { outcomeRows, type Result, stemOf, store, stored } from '../../../lib/experiments/documents/document';
import { documentsOf, instanceRows } from '../../../lib/experiments/documents/results';
import { causal } from '../../../lib/experiments/methods/family';
import { folderWith } from '../../data/folders';
import { sampleResult } from '../../report/sampleResults';
import { news, parity } from '../recipes/tinyTasks';
import { quiet } from '../runs/tinyRun';

/** The name of the document of a seed. */
const stemFor = (seed: number, hash = '0123456789ab') =>
  stemOf({ task: 'News', experiment: 'PeterRec', hash, seed });
const stem = stemFor(3);
const result = sampleResult({ task: 'News', method: causal.PeterRec, seed: 3, test: { 'HR@5': 0.5 } });
const DOCUMENT = 'News-PeterRec-0123456789ab-s3.json';
const ROWS = 'News-PeterRec-0123456789ab-s3.tsv';

test('a document and its rows are read as they were written, under its seed and hash', () => {
  const out = folderWith({});
  assert.equal(stored(out, stem), undefined);
  const written = store(out, stem, result, [
    { row: 4, user_id: 'u4', label: 'a', rank: 2 },
    { row: 7, user_id: 'u7', label: 'b', rank: 1 },
  ]);
  const { files, checksum, ...content } = written;
  assert.deepEqual(Object.keys(files), [ROWS]);
  assert.match(checksum, /^[0-9a-f]{64}$/);
  const { files: _, checksum: __, ...sample } = result;
  assert.deepEqual(content, { ...sample, instances: ROWS });
  assert.deepEqual(stored(out, stem), written);
  assert.equal(
    fs.readFileSync(path.join(out, 'results', ROWS), 'utf8'),
    'row\tuser_id\tlabel\trank\n4\tu4\ta\t2\n7\tu7\tb\t1\n',
  );
  assert.deepEqual(instanceRows(out, written)[1], { row: '7', user_id: 'u7', label: 'b', rank: '1' });
  assert.equal(stored(out, stemFor(4)), undefined);
  assert.equal(stored(out, stemFor(3, 'ba9876543210')), undefined);
});

const damages: readonly (readonly [file: string, change: (text: string) => string, why: RegExp])[] = [
  [DOCUMENT, () => '{}', /content .* checksum/],
  [DOCUMENT, (text) => text.slice(0, 100), /is no JSON object/],
  [DOCUMENT, () => '3', /is no JSON object/],
  [DOCUMENT, (text) => text.replace('0.5', '0.6'), /content .* checksum/],
  [DOCUMENT, (text) => text.replace('"HR@5"', '"HR@6"'), /content .* checksum/],
  [ROWS, (text) => text.slice(0, -3), /not match its checksum/],
  [ROWS, (text) => text.replace('\t2', '\t1'), /not match its checksum/],
];
for (const [i, [file, change, why]] of damages.entries())
  test(`damage ${i + 1} of ${file} is set aside in one line that names the file, and is then not there`, (t) => {
    const out = folderWith({});
    const said = quiet(t);
    store(out, stem, result, [{ row: 0, rank: 2 }]);
    const whole = path.join(out, 'results', file);
    fs.writeFileSync(whole, change(fs.readFileSync(whole, 'utf8')));
    assert.equal(stored(out, stem), undefined);
    assert.deepEqual(documentsOf(out), []);
    assert.equal(said.length, 1);
    assert.ok(said[0].startsWith(whole) && said[0].includes('.damaged'), said[0]);
    assert.match(said[0], why);
    for (const name of [file, DOCUMENT])
      assert.ok(fs.existsSync(path.join(out, 'results', `${name}.damaged`)));
    const again = store(out, stem, result, [{ row: 0, rank: 2 }]);
    assert.deepEqual(stored(out, stem), again);
  });

test('a document of another version, by its fields or its schema, is passed over and stays, and the others are read', () => {
  const out = folderWith({});
  store(out, stem, { ...result, seconds: 'one' } as unknown as Result, [{ row: 0 }]);
  assert.equal(stored(out, stem), undefined);
  store(out, stem, result, [{ row: 0 }]);
  const other = store(out, stemFor(4), { ...result, seed: 4 }, [{ row: 0 }]);
  const file = path.join(out, 'results', DOCUMENT);
  fs.writeFileSync(file, JSON.stringify({ ...result, schema: 1, metric: undefined }));
  assert.equal(stored(out, stem), undefined);
  store(out, stemFor(5), { ...result, seed: 5, trunk: 'a later one' as 'causal' }, [{ row: 0 }]);
  assert.deepEqual(documentsOf(out), [other]);
  assert.ok(fs.readdirSync(path.join(out, 'results')).every((name) => !name.includes('damaged')));
});

test('documents are read oldest first, and none where there is no folder', () => {
  const out = folderWith({});
  assert.deepEqual(documentsOf(out), []);
  const written = [5, 4, 6].map((seed, age) => {
    const document = store(out, stemFor(seed), { ...result, seed }, [{ row: 0 }]);
    const file = path.join(out, 'results', document.instances.replace(/tsv$/, 'json'));
    fs.utimesSync(file, age, age);
    return document;
  });
  assert.deepEqual(documentsOf(out), written);
  fs.rmSync(path.join(out, 'results', written[0].instances));
  assert.deepEqual(documentsOf(out).length, 3);
  assert.throws(() => instanceRows(out, written[0]), /^UserError: .*s5\.tsv is not there/);
});

test('rows stand in the order of their numbers, with user, quarter and label, and ranks or classes', () => {
  const numbers = instanceNumbers(news);
  const ranked = [13, 14, 15].map(
    (instance) => ({ kind: 'ranked', instance, rank: 2, fullRank: 5 }) as const,
  );
  const rows = outcomeRows(news, ranked);
  const instances = rows.map(({ instance }) => instance);
  assert.deepEqual(
    instances,
    [13, 14, 15].map((row) => numbers[row]).sort((a, b) => a - b),
  );
  assert.deepEqual(
    [...numbers].sort((a, b) => a - b),
    news.instances.map((_, i) => i),
  );
  const { instance, user, ...row } = rows.find((one) => one.row === 13) ?? {};
  assert.deepEqual([instance, user], [numbers[13], userNumbers(news.source)[news.instances[13].user]]);
  assert.deepEqual(row, {
    ...{ row: 13, user_id: 'user13', quarter: 4, label: 'news3' },
    ...{ rank: 2, full_rank: 5, pool: 10, sample: 9 },
  });
  const probabilities = [1 / 3, 2 / 3];
  const outcome = { kind: 'classified', instance: 2, predicted: 1, probabilities, logLoss: 0.5 } as const;
  const [{ instance: _, user: __, ...classified }] = outcomeRows(parity, [outcome]);
  assert.deepEqual(classified, {
    ...{ row: 2, user_id: 'user2', quarter: 3, label: 'even', predicted: 'odd' },
    ...{ 'p:even': 0.3333333, 'p:odd': 0.6666667 },
  });
});

/** Runs a script in a process that has `lock`, `stem` and the folder `out`. */
function scriptIn(out: string, script: string): ChildProcess {
  const preamble = `
    const { lock } = require(${JSON.stringify(require.resolve('../../../lib/experiments/documents/checkpoint'))});
    const fs = require('node:fs');
    const [stem, out] = [${JSON.stringify(stem)}, ${JSON.stringify(out)}];`;
  return spawn(process.execPath, ['--import', 'tsx', '--eval', `${preamble}(async () => {${script}})()`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Four processes with one script, until all have ended well. */
async function fourWith(out: string, script: string): Promise<void> {
  const ended = [1, 2, 3, 4].map(async () => (await once(scriptIn(out, script), 'close'))[0]);
  assert.deepEqual(await Promise.all(ended), [0, 0, 0, 0]);
}

/** A process that holds the lock until it is killed. */
async function holderOf(out: string): Promise<ChildProcess> {
  const holder = scriptIn(
    out,
    `await lock(out, stem); console.log('held'); setInterval(() => undefined, 1000);`,
  );
  await once(holder.stdout as NodeJS.ReadableStream, 'data');
  return holder;
}

test('a lock that another process holds is not given; killed, that process frees it for who waits', async () => {
  const out = folderWith({});
  const holder = await holderOf(out);
  assert.equal(await lock(out, stem), undefined);
  (await lock(out, stemFor(4)))?.();
  let waited = 0;
  const onWait = () => {
    waited++;
    holder.kill('SIGKILL');
  };
  const release = await lock(out, stem, { onWait });
  assert.ok(release);
  assert.equal(waited, 1);
  assert.equal(await lock(out, stem), undefined); // in one process too
  release();
});

test('a stop ends the wait, and the lock stays with its holder', async () => {
  const out = folderWith({});
  const release = await lock(out, stem);
  const stop = new AbortController();
  const reason = new Error('stopped');
  await assert.rejects(lock(out, stem, { signal: stop.signal, onWait: () => stop.abort(reason) }), reason);
  assert.equal(await lock(out, stem), undefined);
  release?.();
});

test('a folder that cannot be written is named', () =>
  assert.rejects(lock(folderWith({ locks: 'a file' }), stem), {
    name: 'UserError',
    message: /locks.*a file$|locks.*is a file/,
  }));

test('four processes that take a lock again and again hold it one after the other', async () => {
  const out = folderWith({});
  await fourWith(
    out,
    `for (let round = 0; round < 12; round++) {
      const release = await lock(out, stem, { onWait: () => undefined });
      fs.appendFileSync(out + '/log', 'in ' + process.pid + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 2));
      fs.appendFileSync(out + '/log', 'out ' + process.pid + '\\n');
      release();
    }`,
  );
  const lines = fs.readFileSync(path.join(out, 'log'), 'utf8').trim().split('\n');
  assert.equal(lines.length, 4 * 12 * 2);
  for (let i = 0; i < lines.length; i += 2) assert.equal(lines[i + 1], lines[i].replace('in ', 'out '));
});
