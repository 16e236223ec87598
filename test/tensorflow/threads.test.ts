/** How many threads TensorFlow computes with, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';

/** TensorFlow's own threads in a process that was asked for so many. */
function threadsOf(asked: number): number {
  const script = `
    import '${inProject('lib/tensorflow/native.ts')}';
    import fs from 'node:fs';
    const names = fs.readdirSync('/proc/self/task').map((task) => fs.readFileSync('/proc/self/task/' + task + '/comm', 'utf8'));
    console.log(names.filter((name) => name.startsWith('tf_Compute')).length);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    { cwd: inProject(), encoding: 'utf8', env: { ...process.env, PETERREC_THREADS: String(asked) } },
  );
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test('TensorFlow has the threads that its process was started with, however many processors there are', () => {
  assert.deepEqual([1, 3].map(threadsOf), [1, 3]);
});
