import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { matchesLock } from '../../lib/setup/parts/npmPackages';
import { installedIn, isWhole, pinsOf } from '../../lib/setup/parts/pythonPackages';
import { folderWith } from '../data/folders';

test('pins are compared by the names that the package index compares', () => {
  const requirements =
    '# a comment\nSend2Trash==2.2.0\njupyter_client==8.10.0 \\\n  --hash=sha256:00\ntomli==2.5.0; python_version < "3.11"\n';
  assert.deepEqual(pinsOf(requirements), ['send2trash==2.2.0', 'jupyter-client==8.10.0']);
});

test('every package is installed by the hash of its wheel, but for PyTorch, of which each machine has its own build', () => {
  const folder = 'lib/setup/requirements';
  for (const list of fs.readdirSync(folder).filter((name) => name !== 'bench.txt')) {
    const lines = fs.readFileSync(path.join(folder, list), 'utf8').split('\n');
    const pins = lines.flatMap((line, i) => (/^[\w.-]+==/.test(line) ? [[line, lines[i + 1]]] : []));
    assert.ok(pins.length > 0, list);
    for (const [pin, next] of pins)
      assert.match(`${pin}${next}`, / \\ {2}--hash=sha256:[0-9a-f]{64}/, `${list}: ${pin}`);
  }
});

test('a package counts as installed only when pip has written its record, the last of its files', () => {
  const folder = folderWith({});
  for (const name of ['zope.interface-7.1.dist-info', 'half_done-1.0.dist-info'])
    fs.mkdirSync(path.join(folder, name));
  fs.writeFileSync(path.join(folder, 'zope.interface-7.1.dist-info', 'RECORD'), '');
  assert.deepEqual([...installedIn(folder)], ['zope-interface==7.1']);
  assert.equal(installedIn(undefined).size, 0);
});

test('an environment whose Python became another version is made anew', () => {
  const folder = folderWith({ 'python3.11': '', 'python3.13': '' });
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.mkdirSync(path.join(folder, 'lib/python3.11'), { recursive: true });
  const python = path.join(folder, 'bin/python');
  const whole = ['python3.11', 'python3.13'].map((name) => {
    fs.rmSync(python, { force: true });
    fs.symlinkSync(path.join(folder, name), python);
    return isWhole(python);
  });
  assert.deepEqual(whole, [true, false]);
});

test('node_modules matches the lock file by version and content, but for optional packages', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const lock = { '': { version: '0.1.0' }, a, b: { ...a, optional: true } };
  const found = [{ a, b: a }, { a }, { a: { ...a, version: '1.0.1' } }, { a: { ...a, integrity: 'x' } }, {}];
  const matching = found.map((installed) => matchesLock(lock, installed));
  assert.deepEqual(matching, [true, true, false, false, false]);
});
