import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { COMPILER_FROM_PYPI, compileArguments, haveGcc, linkArguments } from '../../lib/setup/parts/addon';
import { folderWith } from '../datasets/folders';

test('the compile line names the include folders before the sources', () => {
  const line = compileArguments(['a.cc', 'b.cc'], ['/headers']).join(' ');
  assert.equal(line, '-std=c++17 -O2 -fPIC -pthread -Wno-psabi -DNAPI_VERSION=8 -I/headers a.cc b.cc');
});

test('the addon looks for TensorFlow relative to itself, so a moved project still works', () => {
  const line = linkArguments('/p/.venv/tensorflow', '/p/node_modules/addon/x.node');
  assert.ok(line.includes('-Wl,-rpath,$ORIGIN/../../.venv/tensorflow'));
  assert.deepEqual(line.slice(-2), ['-o', '/p/node_modules/addon/x.node']);
});

test('the compiler from PyPI compiles for any processor, not for the one that compiles', () => {
  assert.deepEqual(COMPILER_FROM_PYPI.slice(1), ['-m', 'ziglang', 'c++', '-mcpu=x86_64']);
});

/** Whether there is a g++ for the kernels where PATH holds one that says this version. */
function haveGccOf(version: string): boolean {
  const PATH = folderWith({ 'g++': `#!/bin/sh\necho ${version}\n` });
  fs.chmodSync(path.join(PATH, 'g++'), 0o755);
  return haveGcc({ PATH });
}

test('g++ compiles the kernels from version 9 on; without it the compiler comes from PyPI', () => {
  assert.deepEqual(['4.2.1', '8', '9', '12', '12.4.0'].map(haveGccOf), [false, false, true, true, true]);
  assert.equal(haveGcc({ PATH: folderWith({}) }), false);
});
