/** What a kernel makes ready while it waits, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';

/** The cells that are converted, and what is loaded, within some seconds before any cell, or after one has come at once. */
function madeReady(hasCell: boolean): { readonly converted: number; readonly loaded: readonly string[] } {
  const script = `
    const [kernel, hasCell] = JSON.parse(process.argv[1]);
    require('tsx/cjs');
    let converted = 0;
    require(kernel + '/warmUp').warmUp(() => converted++);
    if (hasCell) require(kernel + '/cells').cells.set(1, { source: '' });
    const told = () => process.stdout.write(JSON.stringify({ converted, loaded: Object.keys(require.cache) }));
    setTimeout(told, 1500);`;
  const argument = [inProject('lib/setup/kernel'), hasCell];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script, JSON.stringify(argument)], {
    cwd: inProject(),
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('a kernel that waits for its first cell reads what notebooks import, and loads what needs no TensorFlow', () => {
  const { converted, loaded } = madeReady(false);
  assert.equal(converted, 2);
  assert.ok(loaded.includes(inProject('lib/notebook/show.ts')));
  assert.ok(!loaded.some((file) => file.includes('@tensorflow')));
});

test('a kernel whose first cell has come leaves that to the cells', () => {
  const { converted, loaded } = madeReady(true);
  assert.equal(converted, 0);
  assert.ok(!loaded.includes(inProject('lib/notebook/show.ts')));
});
