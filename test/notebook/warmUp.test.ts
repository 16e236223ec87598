/** What a kernel makes ready while it waits, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';

/** Whether the library is loaded before any cell has asked for it, by a kernel whose first cell comes at once or later. */
function isReady(hasCell: boolean): boolean {
  const script = `
    const [kernel, bench, hasCell] = JSON.parse(process.argv[1]);
    require('@tslab/typescript-for-tslab').sys.watchDirectory = () => ({ close: () => {} });
    require(kernel + '/library').offerLibrary(require(kernel + '/warmUp').warmUp);
    const converter = require('tslab/dist/converter.js').createConverter({});
    if (hasCell) require(kernel + '/cells').cells.set(1, { source: '' });
    const told = (isReady) => process.stdout.write(JSON.stringify(isReady), () => process.exit());
    const look = () => (require.cache[bench]?.loaded ? told(true) : setTimeout(look, 100));
    look();
    if (hasCell) setTimeout(() => told(false), 3000);`;
  const argument = [inProject('lib/setup/kernel'), inProject('lib/notebook/bench.ts'), hasCell];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script, JSON.stringify(argument)], {
    cwd: inProject(),
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('a kernel that waits for its first cell loads what notebooks import', () => {
  assert.equal(isReady(false), true);
});

test('a kernel whose first cell has come leaves that to the cells', () => {
  assert.equal(isReady(true), false);
});
