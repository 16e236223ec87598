/** A run that is killed at random moments, and started again each time, ends as one that was never disturbed. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { below, random } from '../../../lib/base/random';
import { run } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { allNumbers, both, namesIn, options, runBeside } from './tinyRun';

/** Kills: more with PETERREC_KILLS. */
const KILLS = Number(process.env.PETERREC_KILLS ?? 4);
/** Milliseconds of a step, and those within which a life ends: every other one from its start on, the others from their first step on. */
const SLOWNESS = 100;
const LIFE = 2500;
const SEEDS = Math.max(2, Math.ceil(KILLS * 0.8));

/** Whether a life ended by itself, and how many steps it told. */
type Life = { readonly ended: boolean; readonly steps: number };

/** Killed after so many milliseconds, or not at all. */
async function live(
  out: string,
  kill?: { readonly from: 'start' | 'first step'; readonly after: number },
): Promise<Life> {
  const child = runBeside(out, SLOWNESS, SEEDS, { PETERREC_CHECKPOINT_SECONDS: '0' });
  let steps = 0;
  const lines = readline.createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', () => steps++);
  const closed = once(child, 'close');
  if (kill?.from === 'first step') await Promise.race([once(lines, 'line'), closed]);
  if (kill) await Promise.race([sleep(kill.after), closed]);
  if (kill) child.kill('SIGKILL');
  const [code, signal] = await closed;
  if (signal === null) assert.equal(code, 0);
  return { ended: signal === null, steps };
}

test(`killed ${KILLS} times, a run ends bit by bit as one that was not, repeats little, and leaves nothing behind`, async () => {
  const out = folderWith({});
  const [alone, killed] = ['alone', 'killed'].map((name) => path.join(out, name));
  const whole = await run({ ...options, seeds: SEEDS, out: alone }, both);
  const stream = random(1, 'kills');
  let [kills, steps] = [0, 0];
  for (;;) {
    const from = kills % 2 === 0 ? 'start' : 'first step';
    const life = await live(killed, kills < KILLS ? { from, after: below(LIFE, stream) } : undefined);
    steps += life.steps;
    if (life.ended) break;
    kills++;
  }
  assert.ok(kills >= Math.min(KILLS, 3), `only ${kills} kills`);
  const read = await run({ ...options, seeds: SEEDS, out: killed }, both);
  assert.deepEqual(allNumbers(read), allNumbers(whole));
  assert.deepEqual(namesIn(killed), namesIn(alone));
  // Three trainings a seed, each of three steps that are told and one that ends it. A checkpoint is left as soon as a step is
  // over and 1.5 % of the time allow it: a kill repeats the steps since then, which are some at these tiny ones.
  assert.ok(steps <= 9 * SEEDS + 5 * kills, `${steps} steps after ${kills} kills`);
  console.log(`${kills} kills, ${steps} steps told where ${9 * SEEDS} are enough`);
});
