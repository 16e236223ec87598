import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { installedIn, pinsOf } from '../../lib/setup/parts/pythonPackages';
import { folderWith } from '../datasets/folders';

test('pins are compared by the names that the package index compares', () => {
  const requirements =
    '# a comment\nSend2Trash==2.2.0\njupyter_client==8.10.0\ntomli==2.5.0; python_version < "3.11"\n';
  assert.deepEqual(pinsOf(requirements).slice(0, 2), ['send2trash==2.2.0', 'jupyter-client==8.10.0']);
});

test('a package counts as installed only when pip has written its record, the last of its files', () => {
  const folder = folderWith({});
  for (const name of ['zope.interface-7.1.dist-info', 'half_done-1.0.dist-info'])
    fs.mkdirSync(path.join(folder, name));
  fs.writeFileSync(path.join(folder, 'zope.interface-7.1.dist-info', 'RECORD'), '');
  assert.deepEqual([...installedIn(folder)], ['zope-interface==7.1']);
});

test('without a Python environment nothing is installed', () => {
  assert.equal(installedIn(undefined).size, 0);
});
