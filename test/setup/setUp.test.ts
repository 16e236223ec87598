import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
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

test('a part is installed after those it needs, and only once', async () => {
  const log: string[] = [];
  const first = part('first', [], log);
  const parts = [first, part('second', [first], log)];
  await installMissing(parts);
  await installMissing(parts);
  assert.deepEqual(log, ['first', 'second']);
});

/** What is printed while `body` runs. */
async function printed(body: () => Promise<void>): Promise<string[]> {
  const { mock: log } = mock.method(console, 'log', () => {});
  try {
    await body();
    return log.calls.map(({ arguments: [line] }) => line);
  } finally {
    log.restore();
  }
}

test('what a set-up takes is said once, before it begins, for what is missing alone', async () => {
  const log = ['there'];
  const large = (name: string, download: number, disk: number): Part => ({
    ...part(name, [], log),
    takes: { download, disk },
  });
  const parts = [large('there', 9000, 9000), large('engine', 500, 2000), large('library', 300, 440)];
  const [first, ...rest] = await printed(() => installMissing(parts));
  assert.equal(
    first,
    'Setting up what is missing: engine, library\nThat is 800 MB to download and 2440 MB of disk: about 2 min at 100 Mbit/s. It needs Linux or WSL2 on x86-64.',
  );
  assert.deepEqual(
    rest.map((line) => line.replace(/[\d.]+ s$/, 'N s')),
    ['Set up engine in N s', 'Set up library in N s'],
  );
  assert.deepEqual(await printed(() => installMissing(parts)), []);
  const [small] = await printed(() => installMissing([part('kernel', [], [])]));
  assert.equal(small, 'Setting up what is missing: kernel');
});

test('a failure names its part; what does not need it is installed all the same, and the next run goes on', async () => {
  const log: string[] = [];
  const broken = part('compiler', [], log, 'g++ is missing');
  const independent = part('data', [], log);
  const parts = [broken, part('addon', [broken], log), independent];
  await assert.rejects(installMissing(parts), { message: 'compiler: g++ is missing' });
  assert.deepEqual(log, ['data']);
  const mended = part('compiler', [], log);
  await installMissing([mended, part('addon', [mended], log), independent]);
  assert.deepEqual(log, ['data', 'compiler', 'addon']);
});

test('a machine is refused in one line that says what it lacks', () => {
  const machine = { platform: 'linux', arch: 'x64' };
  const flags = (names: string) => `processor\t: 0\nflags\t\t: fpu ${names} rdrand\nbugs\t\t: avx\n`;
  for (const processors of ['', flags('avx avx2')]) requireSupportedPlatform(machine, processors);
  assert.throws(
    () => requireSupportedPlatform(machine, flags('sse4_2 avx_fake')),
    /needs a processor with AVX/,
  );
  const arm = () => requireSupportedPlatform({ ...machine, arch: 'arm64' }, '');
  assert.throws(arm, { message: 'Linux or WSL2 on x86-64 is needed for now, this is linux on arm64' });
});
