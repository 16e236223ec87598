/** Several runs at once on one folder: each document is computed by one of them, and one that is killed holds nobody up. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { test } from 'node:test';
import { run } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { allNumbers, both, namesIn, options, runBeside } from './tinyRun';

/** A run in a process of its own. */
type Own = {
  readonly child: ChildProcess;
  /** Labels of trainings that it has taken steps of, once it has ended. */
  readonly computed: Promise<string[]>;
  /** Resolves once it says a line like that. */
  readonly says: (like: RegExp) => Promise<unknown>;
};

/** `slowness` in milliseconds a step. */
function runIn(out: string, slowness = 20): Own {
  const child = runBeside(out, slowness);
  const lines = readline.createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const labels = new Set<string>();
  lines.on('line', (line) => {
    if (!WAITS.test(line)) labels.add(line);
  });
  const says = async (like: RegExp) => {
    for await (const [line] of on(lines, 'line')) if (like.test(line)) return;
  };
  const computed = once(child, 'close').then(([code]) => {
    if (!child.killed) assert.equal(code, 0);
    return [...labels];
  });
  return { child, computed, says };
}

/** What a run says of a training that another one is at. */
const WAITS = /by another run$/;

/** The shared folder holds what one run alone leaves in its own. */
async function asAlone(out: string, shared: string): Promise<void> {
  const alone = path.join(out, 'alone');
  const ranIn = async (own: string) => allNumbers(await run({ ...options, seeds: 2, out: own }, both));
  assert.deepEqual(await ranIn(shared), await ranIn(alone));
  assert.deepEqual(namesIn(shared), namesIn(alone));
}

test('four runs at once on one folder compute each document once, and leave what one leaves', async () => {
  const out = folderWith({});
  const shared = path.join(out, 'shared');
  const computed = await Promise.all([1, 2, 3, 4].map(() => runIn(shared).computed));
  const labels = computed.flat();
  assert.equal(new Set(labels).size, labels.length, `twice: ${labels.sort().join('; ')}`);
  // Two seeds of a trunk and of PeterRec on two tasks; the most frequent labels take no steps.
  assert.equal(labels.length, 6);
  assert.ok(computed.filter((own) => own.length > 0).length > 1);
  await asAlone(out, shared);
});

test('one that is killed while it computes frees what it held: the others go on with it', async () => {
  const out = folderWith({});
  const shared = path.join(out, 'shared');
  const victim = runIn(shared, 500);
  await victim.says(/pre-training/);
  victim.child.kill('SIGSTOP');
  const others = [runIn(shared), runIn(shared)];
  await Promise.race(others.map(({ says }) => says(WAITS)));
  victim.child.kill('SIGKILL');
  await Promise.all(others.map(({ computed }) => computed));
  await asAlone(out, shared);
});
