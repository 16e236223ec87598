import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { refusalOf } from '../../lib/setup/tools/variables';

test('what the engine can do is not refused', () => {
  const possible = [
    {},
    { PETERREC_THREADS: '1' },
    { PETERREC_THREADS: '12', PETERREC_ISA: 'avx2', PETERREC_BF16: 'amx-by-avx2' },
  ];
  for (const env of possible) assert.equal(refusalOf(env), undefined);
});

test('a number of threads is a whole number of at least 1', () => {
  for (const asked of ['', '0', 'abc', '2.5', '-3', '1e3', ' 2'])
    assert.equal(
      refusalOf({ PETERREC_THREADS: asked }),
      `PETERREC_THREADS is ${JSON.stringify(asked)}, expected a whole number of at least 1`,
    );
});

test('seconds between checkpoints are a number', () => {
  const asked = (seconds: string) => refusalOf({ PETERREC_CHECKPOINT_SECONDS: seconds });
  for (const seconds of ['0', '60', '1.5']) assert.equal(asked(seconds), undefined);
  for (const seconds of ['', '1m', '-1', 'Infinity'])
    assert.equal(
      asked(seconds),
      `PETERREC_CHECKPOINT_SECONDS is ${JSON.stringify(seconds)}, expected a number of seconds`,
    );
});

test('instructions that nobody knows are refused by those that are known', () => {
  assert.equal(refusalOf({ PETERREC_ISA: 'avx3' }), 'PETERREC_ISA is "avx3", expected none, avx2, avx2x16');
  assert.equal(
    refusalOf({ PETERREC_BF16: '' }),
    'PETERREC_BF16 is "", expected none, dot-by-avx2, amx-by-avx2',
  );
});

const LINE = 'PETERREC_THREADS is "0", expected a whole number of at least 1';

/** What a process says that was started with no thread. */
function said(args: readonly string[]) {
  const env = { ...process.env, PETERREC_THREADS: '0' };
  return spawnSync(process.execPath, args, { cwd: inProject(), encoding: 'utf8', env });
}

test('a command refuses them in one line', () => {
  const { status, stderr } = said(['lib/cli/main.js', 'setup', '--check']);
  assert.deepEqual([status, stderr], [2, `setup: ${LINE}\n`]);
});

test('TensorFlow is not loaded with them', () => {
  const { status, stderr } = said(['--import', 'tsx', '--eval', "require('./lib/tensorflow/native')"]);
  assert.equal(status, 1);
  assert.ok(stderr.includes(`UserError: ${LINE}\n`), stderr);
});
