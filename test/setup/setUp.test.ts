import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installMissing, requireSupportedPlatform } from '../../lib/cli/setUp';
import type { Part } from '../../lib/setup/parts/part';
import { SetupError } from '../../lib/setup/tools/command';

/** A part that notes its installation, or fails with a message. */
function part(name: string, needs: readonly Part[], log: string[], failure?: string): Part {
  return {
    name,
    needs,
    ready: () => log.includes(name),
    install: async () => {
      if (failure) throw new SetupError(failure);
      log.push(name);
    },
  };
}

test('what a set-up takes is said once, before it begins, for what is missing alone', async (t) => {
  const { mock } = t.mock.method(console, 'log', () => {});
  const log = ['there'];
  const takes = { download: 400, disk: 1220 };
  const parts = ['there', 'engine', 'library'].map((name) => ({ ...part(name, [], log), takes }));
  for (let times = 0; times < 2; times++) await installMissing(parts);
  const [first, ...rest] = mock.calls.map(({ arguments: [line] }) => line);
  assert.match(first, /: engine, library\n.* 800 MB .* 2440 MB of disk: about 2 min/);
  assert.equal(rest.length, 2);
});

test('a part is installed once, after those it needs; what does not need a failed one is installed all the same', async () => {
  const log: string[] = [];
  const broken = part('compiler', [], log, 'g++ is missing');
  const independent = part('data', [], log);
  const parts = [broken, part('addon', [broken], log), independent];
  await assert.rejects(installMissing(parts), { message: 'compiler: g++ is missing' });
  assert.deepEqual(log, ['data']);
  const mended = part('compiler', [], log);
  const all = [mended, part('addon', [mended], log), independent];
  for (let times = 0; times < 2; times++) await installMissing(all);
  assert.deepEqual(log, ['data', 'compiler', 'addon']);
});

test('a machine is refused in one line that says what it lacks', () => {
  const requireOn = (machine: string, flags?: string) => {
    const [platform, arch] = machine.split(' on ');
    requireSupportedPlatform({ platform, arch }, flags && `flags\t\t: fpu ${flags} rdrand\nbugs\t\t: avx\n`);
  };
  for (const machine of ['linux on x64', 'linux on arm64', 'darwin on arm64']) requireOn(machine);
  requireOn('linux on x64', 'avx avx2');
  assert.throws(() => requireOn('linux on x64', 'sse4_2 avx_fake'), /needs a processor with AVX/);
  const refusals = [
    ['linux on arm', /^32-bit ARM; install a 64-bit system/],
    ['darwin on x64', /^macOS on Intel, whose wheels of TensorFlow ended/],
    ['win32 on x64', /^Windows; use WSL2$/],
    ['linux on riscv64', /^linux on riscv64$/],
  ] as const;
  for (const [machine, expected] of refusals)
    assert.throws(
      () => requireOn(machine),
      ({ message }) => expected.test(message.split(' is needed, this is ')[1]),
    );
});
