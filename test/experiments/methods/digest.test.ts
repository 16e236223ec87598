import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { digestOf } from '../../../lib/experiments/methods/own/call';
import { folderWith } from '../../data/folders';

test('what a module imports counts with where it stands: two files that change places are another function', () => {
  const folder = folderWith({
    'own.ts':
      "import { near } from './near';\nimport { far } from './far';\nexport const both = [near, far];\n",
    'near.ts': 'export const near = 1, far = 2;\n',
    'far.ts': 'export const near = 3, far = 4;\n',
  });
  const own = path.join(folder, 'own');
  const before = digestOf(own);
  assert.equal(digestOf(own), before);
  const [near, far] = ['near.ts', 'far.ts'].map((name) => path.join(folder, name));
  fs.renameSync(near, `${near}.aside`);
  fs.renameSync(far, near);
  fs.renameSync(`${near}.aside`, far);
  assert.notEqual(digestOf(own), before);
});

test('what a module passes on, requires or has as its default counts, and so does JSON; a comment does not', () => {
  const folder = folderWith({
    'own.ts':
      "export * from './star';\nexport { named } from './named';\nimport main from './main';\nimport data from './data.json';\nexport const all = [main, data, require('./loaded')];\n",
    'star.ts': 'export const star = 1;\n',
    'named.ts': 'export const named = 1;\n',
    'main.ts': 'const step = 1;\nexport default function main() { return step; }\n',
    'data.json': '[1]',
    'loaded.js': 'module.exports = 1;\n',
  });
  const digest = () => digestOf(path.join(folder, 'own'));
  const before = digest();
  for (const name of ['star.ts', 'named.ts', 'main.ts', 'data.json', 'loaded.js']) {
    const file = path.join(folder, name);
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('1', '23'));
    assert.notEqual(digest(), before, name);
    fs.writeFileSync(file, name.endsWith('.json') ? text : `// a remark\n${text}`);
    assert.equal(digest(), before, name);
  }
  assert.throws(() => digestOf(path.join(folder, 'nowhere')), {
    name: 'UserError',
    message: /nowhere: expected a mod/,
  });
});

test('a package counts by its version, also one that a file requires', (t) => {
  const folder = folderWith({ 'own.ts': "import * as aq from 'arquero';\nexport const { table } = aq;\n" });
  const own = path.join(folder, 'own');
  const before = [digestOf('arquero'), digestOf(own)];
  const { readFileSync } = fs;
  t.mock.method(fs, 'readFileSync', (file: string, ...options: never[]) =>
    /arquero.package\.json$/.test(file) ? '{ "version": "0.0.1" }' : readFileSync(file, ...options),
  );
  const after = [digestOf('arquero'), digestOf(own)];
  assert.equal(after[0], '0.0.1');
  assert.notEqual(after[1], before[1]);
});
