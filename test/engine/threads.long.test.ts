/** How many threads TensorFlow and the project's own kernels compute with, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { haveKernels } from '../../lib/engine/ops/kernels';
import { inProject } from '../../lib/setup/tools/project';

const skip = !haveKernels() && 'no kernels';

/** What a script prints in a process that is asked for so many threads or for none, started by another program if one is named. */
function printed(script: string, asked: number | undefined, starter: readonly string[] = []): string {
  const { PETERREC_THREADS: _, ...others } = process.env;
  const env = asked === undefined ? others : { ...others, PETERREC_THREADS: String(asked) };
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  const [command, ...args] = [...starter, ...node];
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: inProject(), encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const TASKS = `
  import fs from 'node:fs';
  import native from '${inProject('lib/engine/native.ts')}';
  const { tf, threads } = native;
  const tasks = () => fs.readdirSync('/proc/self/task');`;

/** Prints how many threads have computed for a twentieth of a second each while ops of TensorFlow's own took about one. */
const busyThreads = `${TASKS}
  const ticksOf = (task) => {
    const [user, system] = fs.readFileSync('/proc/self/task/' + task + '/stat', 'utf8').split(') ')[1].split(' ').slice(11);
    return Number(user) + Number(system);
  };
  const x = tf.range(0, 4e6);
  x.dataSync(); // loads the library, whose start takes time of its own
  const before = new Map(tasks().map((task) => [task, ticksOf(task)]));
  for (let i = 0; i < 40; i++) tf.dispose(tf.sin(x));
  console.log(tasks().filter((task) => ticksOf(task) - (before.get(task) ?? 0) >= 5).length);`;

test('TensorFlow computes with the threads that its process was started with, however many processors there are', () => {
  assert.equal(printed(busyThreads, 1), '1');
  assert.match(printed(busyThreads, 3), /^[2-4]$/);
});

/** Prints the number of threads, how many of them the kernels start besides the one that calls, and a hash of what they compute. */
const kernels = (before = '') => `${TASKS}
  import { spawnSync } from 'node:child_process';
  import { createHash } from 'node:crypto';
  import normalisation from '${inProject('lib/engine/ops/normalisation.ts')}';
  const given = [tf.sin(tf.range(0, 8000)).reshape([1, 1000, 8]), tf.ones([8]), tf.zeros([8])];
  const slopes = tf.grads((x, gain, shift) => normalisation.normRelu(x, { gain, shift }));
  const there = tasks().length;
  ${before}
  const found = slopes(given).map((tensor) => tensor.dataSync());
  const hash = found.reduce((sum, values) => sum.update(values), createHash('sha256')).digest('hex');
  console.log(threads, tasks().length - there, hash);`;

test('a process that may use one processor computes with one thread', { skip }, () => {
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  const [, processor] = /Cpus_allowed_list:\s*(\d+)/.exec(status) as RegExpExecArray;
  const found = printed(kernels(), undefined, ['taskset', '--cpu-list', processor]);
  assert.match(found, /^1 0 /);
});

/** Leaves the process 100 MB of address space, once tsx has what it loads by itself: the stacks of a dozen threads. */
const LIMIT = `
  await new Promise((loaded) => setTimeout(loaded, 1000));
  const used = Number(/VmSize:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  spawnSync('prlimit', ['--pid', String(process.pid), '--as=' + (used + 100e6)]);`;

test('the kernels go on with the threads that can be started, to the same bits', { skip }, () => {
  const [all, some] = [kernels(), kernels(LIMIT)].map((script) => printed(script, 40).split(' '));
  assert.deepEqual([all[0], all[1], some[0], some[2]], ['40', '39', '40', all[2]]);
  assert.ok(Number(some[1]) < 39, some[1]);
});

test('slopes of a large table take 1 GB at most beside the result, however many threads find them', {
  skip,
}, () => {
  const slopes = `${TASKS}
    import ops from '${inProject('lib/engine/ops/softmaxSum.ts')}';
    const [N, k, V] = [40, 512, 25_000];
    const [labels, weights] = [tf.zeros([N], 'int32'), tf.ones([N])];
    const slopes = tf.grads((h, table, offset) => ops.softmaxSum({ h, table, offset, labels, weights }));
    const found = slopes([tf.ones([N, k]), tf.zeros([V, k]), tf.zeros([V])]);
    for (const tensor of found) tensor.dataSync();
    console.log(process.resourceUsage().maxRSS / 1024);`;
  const megabytes = printed(slopes, 40);
  assert.ok(Number(megabytes) < 2100, `${megabytes} MB`); // 51 MB a thread
});
