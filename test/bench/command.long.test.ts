import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { benchmarks } from '../../lib/bench/cases';
import { commands } from '../../lib/cli/declarations/commands';
import { readOptions } from '../../lib/cli/options/options';

const names = [...Object.keys(benchmarks), 'engine'];

test('the command offers exactly the benchmarks that there are', () => {
  assert.deepEqual([...(commands.bench.options.benchmark.choices ?? [])].sort(), [...names].sort());
});

test('an unknown benchmark is refused with the names that there are', async () => {
  const message = /^--benchmark train: expected train-step, train-step-bf16, .*engine$/;
  await assert.rejects(readOptions(commands.bench, ['train']), { message });
});

test('a benchmark in a precision that is not to be had here is refused in one line', () => {
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'lib/cli/programs/bench.ts', JSON.stringify({ benchmark: 'train-step-bf16' })],
    { env: { ...process.env, PETERREC_BF16: 'none', TF_CPP_MIN_LOG_LEVEL: '3' } },
  );
  assert.equal(status, 1);
  assert.match(stderr.toString(), /^precision bf16: .* expected float32, or [^\n]*$/m);
  assert.doesNotMatch(stderr.toString(), / at /);
});

test('without a name the command tells the names, on stdout', () => {
  const { stdout, status } = spawnSync(process.execPath, [
    '--import',
    'tsx',
    'lib/cli/programs/bench.ts',
    '{}',
  ]);
  assert.equal(status, 0);
  for (const name of names) assert.ok(stdout.toString().includes(name), name);
});
