import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  codeFingerprint,
  fingerprint,
  sourceFingerprint,
  taskFingerprint,
} from '../../lib/runs/session/fingerprint';
import { inFolder, news, source } from '../recipes/tinyTasks';

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
  ];
  assert.equal(new Set(tasks.map(taskFingerprint)).size, tasks.length);
});

test('a task whose states are kept by another metric is another', () => {
  assert.notEqual(taskFingerprint({ ...news, metric: 'NDCG@5' }), taskFingerprint(news));
});

test('where one sequence ends and the next begins counts', () => {
  const split = (...sequences: number[][]) =>
    sourceFingerprint({ ...source, sequences: sequences.map((items) => Int32Array.from(items)) });
  assert.notEqual(split([1, 2], [3]), split([1], [2, 3]));
});

/** Edits of a copy of the project's code, and whether the numbers may change by them. */
const edits: readonly (readonly [name: string, file: string, from: RegExp, to: string, changes: boolean])[] =
  [
    ['a comment above', 'training/losses.ts', /^/, '// a remark\n', false],
    [
      'a comment within',
      'training/losses.ts',
      /return weightedMean/,
      'return /* the mean */ weightedMean',
      false,
    ],
    ['a changed loss', 'training/losses.ts', /tf\.neg\(margin\)/, 'margin', true],
    ['a changed op far below', 'tensorflow/ops/activations.ts', /0\.044715/, '0.05', true],
    ['a changed split', 'datasets/tasks/split.ts', /TRAIN = 0\.7/, 'TRAIN = 0.8', true],
    ['a changed popularity', 'recipes/mostFrequent.ts', /counts\[/, 'counts[0 * ', true],
    [
      'a changed declaration, which the hash covers by itself,',
      'methods/family.ts',
      /squeeze: 8/,
      'squeeze: 4',
      false,
    ],
    ['a changed figure', 'report/figure/theme.ts', /$/, '\nexport const more = 1;\n', false],
  ];

test('a comment or a figure keeps the fingerprint of the code, what decides numbers changes it', () =>
  inFolder(async (folder) => {
    const project = path.join(__dirname, '..', '..');
    fs.cpSync(path.join(project, 'lib'), path.join(folder, 'lib'), { recursive: true });
    fs.symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
    const copied: typeof import('../../lib/runs/session/fingerprint') = await import(
      path.join(folder, 'lib', 'runs', 'session', 'fingerprint.ts')
    );
    assert.equal(copied.codeFingerprint(), codeFingerprint());
    for (const [name, relative, from, to, changes] of edits) {
      const file = path.join(folder, 'lib', relative);
      const code = fs.readFileSync(file, 'utf8');
      const edited = code.replace(from, to);
      assert.notEqual(edited, code, `${name}: nothing to edit`);
      fs.writeFileSync(file, edited);
      assert.equal(copied.codeFingerprint() !== codeFingerprint(), changes, name);
      fs.writeFileSync(file, code);
    }
  }));
