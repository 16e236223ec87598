/** How many threads TensorFlow and the project's own kernels compute with, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { haveKernels } from '../../lib/tensorflow/ops/kernels';

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

/** What a script prints in a process that may use one processor only and is asked for no number of threads. */
function printedOnOneProcessor(script: string): string {
  const { PETERREC_THREADS, ...env } = process.env;
  const [processor] =
    /Cpus_allowed_list:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.slice(1) ?? [];
  const args = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync('taskset', ['--cpu-list', `${processor}`, ...args], {
    ...{ cwd: inProject(), encoding: 'utf8', env },
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

test('a process that may use one processor computes with one thread', {
  skip: !haveKernels && 'no kernels',
}, () => {
  const script = `
    import fs from 'node:fs';
    import native from '${inProject('lib/tensorflow/native.ts')}';
    import normalisation from '${inProject('lib/tensorflow/ops/normalisation.ts')}';
    const { tf } = native;
    const [x, gain, shift] = [tf.ones([1, 64, 8]), tf.ones([8]), tf.ones([8])];
    const tasks = () => fs.readdirSync('/proc/self/task').length;
    const before = tasks();
    normalisation.normRelu(x, { gain, shift });
    console.log(native.threads, tasks() - before);`;
  assert.equal(printedOnOneProcessor(script), '1 0');
});

test('TensorFlow has the threads that its process was started with, however many processors there are', () => {
  assert.deepEqual([1, 3].map(threadsOf), [1, 3]);
});
