import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances } from '../../lib/datasets/tasks/split';
import type { Task } from '../../lib/datasets/tasks/tasks';
import { forSweep, meanStops, type Sweep } from '../../lib/studies/stops';
import { stages } from '../../lib/studies/sweep';
import { news, parity, preset } from '../recipes/tinyTasks';

/** A sweep of tiny tasks with one seed, and the lines that it prints. */
function tinySweep(tasks: readonly Task[]): { sweep: Sweep; lines: string[] } {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  return { sweep: { tasks, preset: { ...preset, dilations: [1] }, seeds: [1], print }, lines };
}

test('a fifth of the training part joins the validation part, and nothing is left to test on', () => {
  const { train, valid, test } = splitInstances(news, 1);
  const given = forSweep(news, 1).given?.split;
  assert.deepEqual([train.length, valid.length, test.length], [28, 1, 11]);
  assert.deepEqual(given, { train: train.slice(0, 22), valid: [...train.slice(22), ...valid], test: [] });
});

test('a stop is judged by the mean over the curves of all seeds', () => {
  const curve = (...values: number[]) => values.map((Acc, i) => ({ step: 10 * (i + 1), valid: { Acc } }));
  assert.deepEqual(meanStops([curve(0.25, 0.5), curve(0.75, 1)], 'Acc'), [
    { step: 10, value: 0.5 },
    { step: 20, value: 0.75 },
  ]);
});

/** What a stage runs on, how many lines it prints, and the first. */
type Printed = { readonly tasks: readonly Task[]; readonly count: number; readonly first: RegExp };

const printed: Readonly<Record<string, Printed>> = {
  // Seven ways, each with its trunk and the two stops of the task of recommendation.
  pretraining: {
    tasks: [news, parity],
    count: 7 * (1 + 2),
    first: /^latest windows\tFilms\tpre-training\tsteps 1\tMRR@5 \d\.\d{4}$/,
  },
  // Three methods, three rates, two stops.
  tasks: {
    tasks: [parity],
    count: 3 * 3 * 2,
    first: /^rate 0\.001\tParity\tPeterRec\tsteps 2\tAcc \d\.\d{4}$/,
  },
  // Three methods with two losses, three dropouts, two stops.
  dropout: {
    tasks: [news],
    count: 3 * 2 * 3 * 2,
    first: /^dropout 0, paper\tNews\tPeterRec\tsteps 2\tHR@5 \d\.\d{4}$/,
  },
  // Five opponents.
  opponents: { tasks: [news, parity], count: 2 * 5, first: /^News\tItemCooccurrence\t\d\.\d{4}$/ },
};

for (const [name, { run }] of Object.entries(stages)) {
  test(`the sweep of ${name} prints a line for each setting and stop`, async () => {
    const { tasks, count, first } = printed[name];
    const { sweep, lines } = tinySweep(tasks);
    await run(sweep, 'causal');
    assert.equal(lines.length, count);
    assert.match(lines[0], first);
    assert.ok(!lines.some((line) => line.includes('NaN')));
  });
}
