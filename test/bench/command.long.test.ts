import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { benchmarks } from '../../lib/bench/cases';
import { commands } from '../../lib/cli/commands';

const bench = (options: object) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'lib/cli/programs/bench.ts', JSON.stringify(options)], {
    encoding: 'utf8',
    env: { ...process.env, PETERREC_BF16: 'none', TF_CPP_MIN_LOG_LEVEL: '3' },
  });

test('the command offers exactly the benchmarks that there are, and names them where none is given', () => {
  const names = Object.keys(benchmarks).sort();
  assert.deepEqual([...(commands.bench.options.benchmark.choices ?? [])].sort(), names);
  const { stdout, status } = bench({});
  assert.equal(status, 0);
  for (const name of names) assert.ok(stdout.includes(name), name);
});

test('a precision that this processor lacks is refused in one line', () => {
  const { stderr, status } = bench({ benchmark: 'train-step-bf16' });
  assert.equal(status, 1);
  assert.match(stderr, /^precision bf16: .* expected float32, or [^\n]*$/m);
  assert.doesNotMatch(stderr, / at /);
});
