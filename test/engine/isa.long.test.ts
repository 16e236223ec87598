/** The kernels under each set of instructions that this processor runs: against TensorFlow's own ops and the golden cases. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { bf16, isa } from '../../lib/engine/ops/kernels';

const FILES = [
  'test/engine/ops.test.ts',
  'test/engine/kernels.test.ts',
  'test/engine/convolutionShapes.test.ts',
  'test/engine/positions.test.ts',
  'test/engine/sequenceShapes.test.ts',
  'test/golden/layers.test.ts',
  'test/golden/trajectory.test.ts',
  'test/model/lastState.test.ts',
];

const probe = (name: 'isa' | 'bf16') =>
  `import('./lib/engine/ops/kernels.ts').then((m) => console.log((m.default ?? m).${name}()))`;

function under(asked: Readonly<Record<string, string>>, ...args: readonly string[]): string {
  const env = { ...process.env, ...asked, NODE_TEST_CONTEXT: undefined, TF_CPP_MIN_LOG_LEVEL: '2' };
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    encoding: 'utf8',
    env,
  });
  assert.equal(status, 0, stdout.slice(-4000));
  return stdout;
}

/** What the processor itself would take is tested by these files alone. */
const OTHERS = ['none', 'avx2', 'avx2x16'].filter((name) => name === 'none' || isa().startsWith('avx'));
for (const asked of OTHERS)
  test(`kernels by ${asked}; the processor's own choice is ${isa()}`, () => {
    assert.equal(under({ PETERREC_ISA: asked }, '--eval', probe('isa')).trim(), asked);
    const stdout = under({ PETERREC_ISA: asked }, '--test', '--test-reporter=tap', ...FILES);
    assert.ok(Number(/# pass (\d+)/.exec(stdout)?.[1]) > 80, stdout.slice(-500));
  });

test('layers and trajectories are the same numbers without kernels and without oneDNN', () => {
  const bare = { PETERREC_ISA: 'none', TF_ENABLE_ONEDNN_OPTS: '0' };
  const files = FILES.filter((name) => /golden|engine.ops/.test(name));
  const stdout = under(bare, '--test', '--test-reporter=tap', ...files);
  assert.doesNotMatch(stdout, /Conv2D/); // whose dilated gradients only oneDNN has
  assert.ok(Number(/# pass (\d+)/.exec(stdout)?.[1]) > 80, stdout.slice(-500));
});

for (const asked of ['dot-by-avx2', 'amx-by-avx2'])
  test(`products in bfloat16 ${asked}; the processor's own choice is ${bf16()}`, {
    skip: !isa().startsWith('avx') && 'no kernels of x86',
  }, () => {
    assert.equal(under({ PETERREC_BF16: asked }, '--eval', probe('bf16')).trim(), asked);
    const files = ['test/engine/convolutionShapes.test.ts', 'test/experiments/recipes/precision.test.ts'];
    const stdout = under({ PETERREC_BF16: asked }, '--test', '--test-reporter=tap', ...files);
    assert.ok(Number(/# pass (\d+)/.exec(stdout)?.[1]) > 140, stdout.slice(-500));
    assert.match(stdout, /# skipped 1\b/); // that it is refused
  });
