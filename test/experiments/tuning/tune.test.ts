import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { mean } from 'simple-statistics';
import type { Task } from '../../../lib/data/tasks/tasks';
import { wellTrained } from '../../../lib/experiments/methods/best';
import { causal } from '../../../lib/experiments/methods/family';
import { fusedOver } from '../../../lib/experiments/methods/insertions';
import { opponents, untrained } from '../../../lib/experiments/opponents/opponents';
import { choicesOf, untunedOf } from '../../../lib/experiments/tuning/points';
import {
  bestTrials,
  byMethod,
  tasksNamed,
  tune,
  tunedFile,
  tunedMethods,
} from '../../../lib/experiments/tuning/tune';
import {
  readTuned,
  requireSameTrials,
  type TunedFile,
  tunedFileOf,
  withEarlier,
  writeTuned,
} from '../../../lib/experiments/workbench/tuned';
import { expectedBestFigures, tuningFigures, tuningTable } from '../../../lib/report/tuning';
import { folderWith } from '../../data/folders';
import { taskOn } from '../../data/tasks/taskWith';
import { assertClose } from '../../engine/bothWays';
import { news, parity, preset } from '../../experiments/recipes/tinyTasks';
import { everywhere, files } from '../../experiments/runs/tinyRun';

const best = wellTrained(causal.PeterRec);
const planned = everywhere(...untrained, opponents.ItemCooccurrence, opponents.NeuFM, best);
const tasks = [news, parity];
const tuning = {
  ...{ data: 'made-up', all: tasks, tasks, preset, trials: 3, seeds: [101] },
  methods: tunedMethods({ all: tasks, tasks }, planned),
};

test('tasks that are named count once each, in the order of the data set', () => {
  assert.deepEqual(tasksNamed(tasks, [parity.name, news.name, parity.name]), tasks);
  assert.throws(() => tasksNamed(tasks, ['Nwes']), /^UserError: --tasks Nwes: .*News, Parity/);
});

test('every method gets the same number of points, the preset’s own first, then those of Sobol’s sequence', () => {
  const choices = [opponents.NeuFM, causal.PeterRec].map((method) => choicesOf(method, 3));
  assert.deepEqual(choices[0], choices[1]); // both choose rate and dropout within the same bounds
  // 0.0001 · 300^x for x = 3/4 and 1/4, and 0.7 times 1/4 and 3/4
  const points = [
    { rate: 0.00721, dropout: 0.175 },
    { rate: 0.000416, dropout: 0.525 },
  ];
  assert.deepEqual(choices[0], [undefined, ...points]);
  const names = ['rate', 'dropout', 'decay', 'squeeze'];
  assert.deepEqual(Object.keys(choicesOf(best, 2)[1] ?? {}), names);
});

test('what has something to choose is tuned for each kind of task, on whatever task and share it is planned', () => {
  const named = (tried: typeof tasks, by: typeof planned, all = tasks) =>
    tunedMethods({ all, tasks: tried }, by).map(({ experiment, kind }) => `${experiment.id} ${kind}`);
  const more = [...planned, ...everywhere({ ...best, training: 0.1 }, { ...best, pretraining: 0.1 })];
  assert.deepEqual(
    named(tasks, more),
    ['recommend', 'classify'].flatMap((kind) =>
      ['ItemCooccurrence', 'NeuFM', 'PeterRec-best'].map((id) => `${id} ${kind}`),
    ),
  );
  const elsewhere = [...everywhere(opponents.NeuFM), { on: ['Other'], experiments: [best] }];
  const all = [...tasks, { ...news, name: 'Other' }];
  assert.deepEqual(named([news], elsewhere, all), ['NeuFM recommend', 'PeterRec-best recommend']);
  assert.deepEqual(named([parity], elsewhere, all), ['NeuFM classify']);
});

test('patches of tasks that are not tried are fused with those of one that is', async () => {
  const out = folderWith({});
  const known = parity.source.users.map((_, user) => [Number(user % 3 === 0)]);
  const third = taskOn(parity.source, { ...parity, name: 'Third' }, known);
  const fused = everywhere(fusedOver(best, 'all'));
  const methodsOf = (all: readonly Task[]) => tunedMethods({ all, tasks: [parity] }, fused);
  assert.deepEqual(methodsOf(tasks), []);
  const all = [...tasks, third];
  const trials = await tune({ ...tuning, out, all, tasks: [parity], methods: methodsOf(all), trials: 2 });
  const tried = trials.map(({ experiment, kind }) => [experiment.id, kind]);
  assert.deepEqual(
    tried,
    [1, 2].map(() => ['PeterRec-best-fused', 'classify']),
  );
  assert.ok(trials.every(({ score }) => Number.isFinite(score)));
});

test('a point that diverged on all seeds is not chosen', async () => {
  const endless = { everything: 1e30, part: 1e30 };
  const trials = await tune({
    ...{ ...tuning, out: folderWith({}), tasks: [parity], seeds: [101, 102] },
    methods: tunedMethods({ all: tasks, tasks: [parity] }, everywhere(causal.PeterRec)),
    preset: { ...preset, classify: { ...preset.classify, rates: endless } },
  });
  assert.equal(trials.find(({ point }) => point === 0)?.score, Number.NEGATIVE_INFINITY);
  const [{ choice, score }] = bestTrials(trials);
  assert.ok(choice !== undefined && Number.isFinite(score));
});

test('trials see no test part, are read the second time, and what is best is kept for the data', async () => {
  const out = folderWith({});
  const trials = await tune({ ...tuning, out });
  assert.equal(trials.length, 3 * 6);
  // 3, 2 and 1 of the points reach the stages
  assert.deepEqual(
    trials
      .filter(({ experiment }) => experiment.id === best.id)
      .map(({ stage }) => stage)
      .sort(),
    [0, 0, 1, 1, 2, 2],
  );
  const documents = fs.readdirSync(path.join(out, 'results')).filter((name) => name.endsWith('.json'));
  for (const name of documents) {
    const { metrics, curve } = JSON.parse(fs.readFileSync(path.join(out, 'results', name), 'utf8'));
    const tests = [metrics.test, ...curve.map((point: { test: object }) => point.test)];
    assert.deepEqual(tests.flatMap(Object.keys), []);
  }
  const before = files(out);
  assert.deepEqual(await tune({ ...tuning, out }), trials);
  assert.deepEqual(files(out), before);

  const chosen = bestTrials(trials);
  assert.equal(tuningTable(trials, tuning).rows.length, 6);
  const [none, onCausal] = tuningFigures(trials);
  const names = [none, onCausal].map(({ name }) => name);
  assert.deepEqual(names, ['tuning-none', 'tuning-causal']);
  const ofPeterRec = trials.filter(({ experiment }) => experiment.id === best.id);
  const lines = onCausal.spec.data.filter(({ mode }) => mode === 'lines+markers');
  assert.deepEqual(
    lines.map(({ x }) => x),
    [
      [0.000416, 0.006, 0.00721],
      [0.000416, 0.006, 0.00721],
    ],
  );
  const marks = onCausal.spec.data.filter(({ mode }) => mode === 'markers');
  assert.deepEqual(
    marks.map(({ x }) => x),
    bestTrials(ofPeterRec).map(({ rate }) => [rate]),
  );

  const [, expected] = expectedBestFigures(trials);
  assert.equal(expected.name, 'expected-best-causal');
  const [ofKind] = byMethod(ofPeterRec);
  const scores = ofKind.map(({ first }) => first);
  const [{ x, meta }] = expected.spec.data;
  assert.deepEqual([x, expected.spec.data.length], [[1, 2, 3], 2]); // nothing is marked
  assertClose([(meta as number[])[0]], [mean(scores)], 1e-9);
  const diverged = expectedBestFigures([
    { ...ofKind[0], first: Number.NEGATIVE_INFINITY },
    ...ofKind.slice(1),
  ]);
  const [{ meta: others }] = diverged[0].spec.data;
  assertClose([(others as number[])[0]], [mean([Math.min(...scores.slice(1)), ...scores.slice(1)])], 1e-9);

  const dataset = { folder: out, name: 'made-up' };
  assert.equal(readTuned(dataset), undefined);
  writeTuned(dataset, tunedFile(tuning, chosen));
  const { recommend, classify } = readTuned(dataset) as TunedFile;
  const changed = { ...preset, chosen: { recommend, classify } };
  for (const { experiment, kind, choice } of chosen)
    if (experiment.id === 'PeterRec-best')
      assert.deepEqual(changed.chosen[kind]['PeterRec-best on the causal trunk'], choice ?? {});
  const methods = [...chosen.map(({ experiment }) => experiment), ...untrained];
  assert.deepEqual(untunedOf([...methods, causal.FineAll], changed), [causal.FineAll]);
});

test('choices that are no document are an error that names the file', () => {
  const folder = folderWith({});
  const dataset = { folder, name: 'made-up' };
  for (const content of ['{', '{ "data": 1 }']) {
    fs.writeFileSync(tunedFileOf(dataset), content);
    assert.throws(() => readTuned(dataset), /tuned\.json: /);
  }
});

test('choices of some methods are added to those of others by the same trials, and not to those by others', () => {
  const before = {
    ...{ data: 'made-up', preset: 'default', trials: 6, seeds: [101], tasks: ['News'] },
    recommend: { PeterRec: { rate: 0.001 }, FineAll: { rate: 0.002 } },
    classify: { PeterRec: { rate: 0.003 } },
  };
  const now = { ...before, recommend: { FineAll: { rate: 0.004 } }, classify: {} };
  const merged = withEarlier(before, now, (kind, method) => kind === 'recommend' && method !== 'PeterRec');
  assert.deepEqual(merged, { ...before, recommend: { ...before.recommend, FineAll: { rate: 0.004 } } });
  requireSameTrials(before, now);
  assert.throws(() => requireSameTrials(before, { ...now, trials: 7 }), /^UserError: .*6 trials .*7 trials/);
});
