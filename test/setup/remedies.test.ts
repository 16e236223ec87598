import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../lib/setup/tools/command';
import { explain, SetupError } from '../../lib/setup/tools/remedies';

const CASES: readonly (readonly [string, RegExp])[] = [
  ['npm error code ENOSPC\nnpm error syscall write', /disk is full/],
  ['ERROR: [Errno 28] No space left on device', /disk is full/],
  ['npm error code EAI_AGAIN', /no network/],
  ['NewConnectionError(...)\nERROR: No matching distribution found for a==1', /no network/],
  ['ERROR: No matching distribution found for a==1', /Python 3\.10 to 3\.13/],
  ['The virtual environment was not created because ensurepip is not available.', /install python3-venv/],
  ['npm error code EINTEGRITY', /checksum/],
  ['chromium: error while loading shared libraries: libnss3.so', /libnss3\.so/],
  ['first\nlast words\n', /^last words$/],
];

for (const [output, remedy] of CASES) {
  test(`a tool that says "${output.split('\n')[0]}" is explained as ${remedy}`, () => {
    assert.match(explain(output), remedy);
  });
}

test('a tool that a signal ended is told by the signal', async () => {
  const ending = run(process.execPath, ['--eval', "process.kill(process.pid, 'SIGKILL')"]);
  await assert.rejects(ending, (error: Error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^it gives no reason \(node was ended by SIGKILL, see .*node\.log\)$/);
    return true;
  });
});
