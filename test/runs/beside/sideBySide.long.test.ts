import assert from 'node:assert/strict';
import processes from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { causal } from '../../../lib/methods/family';
import { simpleOpponents } from '../../../lib/methods/opponents';
import { sideBySide } from '../../../lib/runs/beside/process';
import { run } from '../../../lib/runs/run';
import type { OnTraining, Progress } from '../../../lib/runs/session';
import { descendants, isRunning } from '../../browser/processes';
import { inFolder } from '../../recipes/tinyTasks';
import { everywhere, files, options } from '../tinyRun';

/** Processes that train for this one. */
const trainers = () =>
  descendants(process.pid).filter(
    (pid) => isRunning(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('beside/trainer'),
  ).length;

const planned = everywhere(...simpleOpponents, causal.PeterRec, causal.FineZero);

/** The documents of a run without what no two runs share, and all other files by their content. */
function left(out: string): Map<string, string> {
  return new Map(
    [...files(out).keys()].sort().map((name) => {
      const text = fs.readFileSync(path.join(out, name), 'latin1');
      const own = /^results.*json$/.test(name);
      return [name, own ? text.replace(/"seconds": [\d.e-]+|"checksum": "\w+"/g, '') : text];
    }),
  );
}

test('several processes leave what one leaves, bit by bit, and each computes with one thread', () =>
  inFolder(async (alone) =>
    inFolder(async (together) => {
      const seen: Progress[] = [];
      const onProgress = (progress: Progress) => seen.push(progress);
      const preset = { ...options.preset, threads: 1 };
      await run({ ...options, preset, seeds: 2, out: alone }, planned, sideBySide(1));
      const ran = await run(
        { ...options, preset, seeds: 2, out: together, onProgress },
        planned,
        sideBySide(2),
      );
      assert.deepEqual(left(together), left(alone));
      assert.equal(ran.pretraining.length + ran.results.length, seen[seen.length - 1].total);
      for (const { environment } of [...ran.results, ...ran.pretraining])
        assert.equal(environment.threads, 1);
      // Within a unit too, and not in the first one alone.
      const within = new Set(seen.filter(({ done }) => done % 1 !== 0).map(({ label }) => label));
      assert.ok(within.size > 2, [...within].join('; '));
      const done = seen.map((progress) => progress.done);
      assert.deepEqual(
        done,
        [...done].sort((a, b) => a - b),
      );
    }),
  ));

test('where all documents are there, no process is started', (t) =>
  inFolder(async (out) => {
    const first = await run({ ...options, out }, planned);
    const before = files(out);
    t.mock.method(processes, 'fork', () => assert.fail('a process is started'));
    assert.deepEqual(await run({ ...options, out }, planned, sideBySide(2)), first);
    assert.deepEqual(files(out), before);
  }));

const documents = (out: string) => [...files(out).keys()].filter((name) => name.endsWith('.json'));

test('a run that is stopped ends its processes, keeps what was finished, and goes on from there', () =>
  inFolder(async (out) => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const onProgress = ({ done }: Progress) => {
      if (done >= 3) controller.abort(reason);
    };
    const stopped = { ...options, out, onProgress, signal: controller.signal };
    await assert.rejects(run(stopped, planned, sideBySide(2)), reason);
    assert.equal(trainers(), 0);
    const kept = new Map([...files(out)].filter(([name]) => !name.startsWith('checkpoints/')));
    const { results, pretraining } = await run({ ...options, out }, planned, sideBySide(2));
    assert.ok(
      kept.size > 0 &&
        documents(out).length > [...kept.keys()].filter((name) => name.endsWith('.json')).length,
    );
    assert.ok(results.length + pretraining.length > 3);
    for (const [name, time] of kept) assert.equal(files(out).get(name), time, name);
  }));

test('a run that was stopped before it begins trains nothing', () =>
  inFolder(async (out) => {
    const reason = new Error('stopped');
    const stopped = { ...options, out, signal: AbortSignal.abort(reason) };
    await assert.rejects(run(stopped, planned, sideBySide(1)), reason);
    assert.deepEqual([...files(out)], []);
  }));

test('what goes wrong in a process is told', () =>
  inFolder(async (out) => {
    fs.writeFileSync(path.join(out, 'results'), 'not a folder');
    await assert.rejects(run({ ...options, out }, planned, sideBySide(2)), /results/);
    assert.equal(trainers(), 0);
  }));

test('a process that is held up takes no step until it goes on, and ends with the same numbers', () =>
  inFolder(async (held) =>
    inFolder(async (plain) => {
      const steps: { readonly label: string; readonly step: number; readonly at: number }[] = [];
      let goesOnAt = 0;
      const onTraining: OnTraining = (by, label, moment) => {
        if (moment === 'ended') return;
        steps.push({ label, step: moment.step, at: performance.now() });
        if (goesOnAt > 0 || !moment.point) return;
        by.hold(true);
        goesOnAt = performance.now() + 1000;
        setTimeout(() => by.hold(false), 1000);
      };
      const { pretraining } = options.preset;
      const long = { ...pretraining.causal, steps: 400, passes: 1000, evaluations: 2 }; // longer than a word takes on its way
      const preset = { ...options.preset, threads: 1, pretraining: { ...pretraining, causal: long } };
      const asked = everywhere(causal.PeterRec);
      await run({ ...options, preset, out: held, onTraining }, asked, sideBySide(1));
      await run({ ...options, preset, out: plain }, asked, sideBySide(1));
      assert.deepEqual(left(held), left(plain));
      const until = steps.filter(({ at }) => at < goesOnAt - 20).length;
      assert.ok(until > 0 && until < steps.length);
      assert.ok(goesOnAt - steps[until - 1].at > 800, 'all that was told before it was held up came at once');
    }),
  ));
