import assert from 'node:assert/strict';
import processes from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { causal } from '../../../../lib/experiments/methods/family';

import { simpleOpponents } from '../../../../lib/experiments/opponents/opponents';
import type { Progress } from '../../../../lib/experiments/runs/progress';
import { run } from '../../../../lib/experiments/runs/run';
import { sideBySide } from '../../../../lib/experiments/runs/workers/process';
import { trainers } from '../../../browser/processes';
import { folderWith } from '../../../data/folders';
import { allNumbers, everywhere, files, namesIn, options } from '../tinyRun';

const planned = everywhere(...simpleOpponents, causal.PeterRec, causal.FineZero);

test('several processes leave what one leaves, bit by bit, and each computes with one thread', async () => {
  const [alone, together] = [folderWith({}), folderWith({})];
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => seen.push(progress);
  const own = { ...options, preset: { ...options.preset, threads: 1 }, seeds: 2 };
  const one = await run({ ...own, out: alone }, planned, sideBySide(1));
  const completed = await run({ ...own, out: together, onProgress }, planned, sideBySide(2));
  assert.deepEqual(allNumbers(completed), allNumbers(one));
  assert.deepEqual(namesIn(together), namesIn(alone));
  const all = [...completed.results, ...completed.pretraining];
  assert.equal(all.length, seen.at(-1)?.total);
  assert.ok(all.every(({ environment }) => environment.threads === 1));
  // Within a unit too, and not in the first one alone.
  const within = new Set(seen.filter(({ done }) => done % 1 !== 0).map(({ label }) => label));
  assert.ok(within.size > 2, [...within].join('; '));
  const done = seen.map((progress) => progress.done);
  assert.deepEqual(
    done,
    [...done].sort((a, b) => a - b),
  );
});

test('where all documents are there, no process is started', async (t) => {
  const out = folderWith({});
  const first = await run({ ...options, out }, planned);
  const before = files(out);
  t.mock.method(processes, 'fork', () => assert.fail('a process is started'));
  assert.deepEqual(await run({ ...options, out }, planned, sideBySide(2)), first);
  assert.deepEqual(files(out), before);
});

test('a run that is stopped ends its processes, keeps what was finished, and goes on from there; before it begins, it trains nothing', async () => {
  const out = folderWith({});
  const reason = new Error('stopped');
  const never = { ...options, out, signal: AbortSignal.abort(reason) };
  await assert.rejects(run(never, planned, sideBySide(1)), reason);
  assert.deepEqual(namesIn(out), []);
  const controller = new AbortController();
  const onProgress = ({ done }: Progress) => {
    if (done >= 3) controller.abort(reason);
  };
  const stopped = { ...options, out, onProgress, signal: controller.signal };
  await assert.rejects(run(stopped, planned, sideBySide(2)), reason);
  assert.equal(trainers().length, 0);
  const kept = new Map([...files(out)].filter(([name]) => !name.startsWith('checkpoints/')));
  await run({ ...options, out }, planned, sideBySide(2));
  assert.ok(kept.size > 0 && files(out).size > kept.size);
  for (const [name, time] of kept) assert.equal(files(out).get(name), time, name);
});

test('what goes wrong in a process is told', async () => {
  const out = folderWith({});
  fs.writeFileSync(path.join(out, 'results'), 'not a folder');
  await assert.rejects(run({ ...options, out }, planned, sideBySide(2)), /results/);
  assert.equal(trainers().length, 0);
});
