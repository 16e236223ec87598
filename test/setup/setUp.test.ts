import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Part } from '../../lib/setup/parts/part';
import { installMissing } from '../../lib/setup/setUp';
import { SetupError } from '../../lib/setup/tools/remedies';

/** A part that notes its installation, or fails with a message. */
function part(name: string, needs: Part[], log: string[], failure?: string): Part {
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
