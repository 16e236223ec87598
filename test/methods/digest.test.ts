import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { digestOf } from '../../lib/methods/own/digest';
import { folderWith } from '../datasets/folders';

const module = {
  'own.ts':
    "import { near } from './near';\nimport { far } from './far';\nexport const both = [near, far];\n",
  'near.ts': 'export const near = 1, far = 2;\n',
  'far.ts': 'export const near = 3, far = 4;\n',
};

test('what a module imports counts with where it stands: two files that change places are another function', () => {
  const folder = folderWith(module);
  const own = path.join(folder, 'own');
  const before = digestOf(own);
  assert.equal(digestOf(own), before);
  const [near, far] = ['near.ts', 'far.ts'].map((name) => path.join(folder, name));
  fs.renameSync(near, `${near}.aside`);
  fs.renameSync(far, near);
  fs.renameSync(`${near}.aside`, far);
  assert.notEqual(digestOf(own), before);
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
