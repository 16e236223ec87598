import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { refusalOf } from '../../lib/setup/tools/variables';

const VALUES: readonly (readonly [name: string, good: readonly string[], bad: readonly string[]])[] = [
  ['PETERREC_THREADS', ['1', '12'], ['', '0', 'abc', '2.5', '-3', '1e3', ' 2']],
  ['PETERREC_CHECKPOINT_SECONDS', ['0', '60', '1.5'], ['', '1m', '-1', 'Infinity']],
  ['PETERREC_ISA', ['none', 'avx2', 'avx2x16'], ['avx3', 'avx2x']],
  ['PETERREC_BF16', ['none', 'dot-by-avx2', 'amx-by-avx2'], ['']],
];

test('a variable is refused by its name, its value and what was expected', () => {
  assert.equal(refusalOf({}), undefined);
  for (const [name, good, bad] of VALUES) {
    for (const value of good) assert.equal(refusalOf({ [name]: value }), undefined);
    for (const value of bad)
      assert.ok(refusalOf({ [name]: value })?.startsWith(`${name} is ${JSON.stringify(value)}, expected `));
  }
});

const LINE = 'PETERREC_THREADS is "0", expected a whole number of at least 1';

test('a command refuses them in one line, and TensorFlow is not loaded with them', () => {
  const env = { ...process.env, PETERREC_THREADS: '0' };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: inProject(), encoding: 'utf8', env });
  const { status, stderr } = run('lib/cli/main.js', 'setup', '--check');
  assert.deepEqual([status, stderr], [2, `setup: ${LINE}\n`]);
  const loading = run('--import', 'tsx', '--eval', "require('./lib/engine/native')");
  assert.equal(loading.status, 1);
  assert.ok(loading.stderr.includes(`UserError: ${LINE}\n`), loading.stderr);
});
