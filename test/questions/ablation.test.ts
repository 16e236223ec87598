import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { factsOf } from '../../lib/data/tasks/facts';
import { answerClaims } from '../../lib/evidence/claims';
import type { CompletedRun } from '../../lib/experiments/documents/completedRun';
import type { Result } from '../../lib/experiments/documents/document';
import type { Experiment } from '../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../lib/experiments/methods/family';
import { called } from '../../lib/experiments/methods/identity';
import { vary } from '../../lib/experiments/methods/vary';
import { opponents } from '../../lib/experiments/opponents/opponents';
import { pairsOf } from '../../lib/experiments/resolve/pairs';
import { changedBy } from '../../lib/experiments/workbench/changed';
import { choicesTable, figure, questions, runs, table, tried } from '../../lib/questions/ablation';
import type { Figure } from '../../lib/report/figure/smallMultiples';
import { folderWith } from '../data/folders';
import { recordOf } from '../experiments/recipes/settingsOf';
import { news, preset } from '../experiments/recipes/tinyTasks';
import { titlesOf } from '../report/figure/titles';
import { sampleResult, leave as store } from '../report/sampleResults';
import { methodsIn } from './wholeRun';

const { PeterRec } = causal;
const squeeze = (squeeze: number) => vary(PeterRec, { patches: { squeeze } });
const half = vary(PeterRec, { training: 0.5 });

/** The metric after one step, and at the end. */
const curve = [{ step: 1, epoch: 1, seconds: 1, loss: 1, valid: {}, test: { 'HR@5': 0.5 } }];
const completed = (method: Experiment, seed = 1): Result => ({
  ...sampleResult({ task: 'News', method, seed, test: { 'HR@5': 0.5 } }, curve),
  declared: method,
});
const namesIn = ({ spec }: Figure) => spec.data.flatMap(({ name }) => name ?? []);
const completedRun = (out: string, results: readonly Result[]): CompletedRun => ({
  ...{ out, tasks: [factsOf(news)], results, pretraining: [] },
});

test('every choice has a line of its own', () => {
  const lines = choicesTable().rows.map(({ line }) => line);
  assert.equal(lines[0], '{ patches: { squeeze: 16 } }');
  assert.ok(lines.includes("{ representation: 'sum' }"));
  assert.ok(lines.includes('{ negatives: own.negatives(…) }'));
  assert.equal(new Set(lines).size, lines.length);
});

test('what runs is the method, its variants and what is simple, on the one task; no change twice', () => {
  const planned = (...changes: Parameters<typeof runs>[2]) =>
    pairsOf([news], runs('News', PeterRec, changes)).map(
      ({ task, experiment }) => `${task.name} ${experiment.id}`,
    );
  assert.deepEqual(
    planned({ patches: { squeeze: 16 } }, { training: 0.5 }),
    [
      ...['Popularity', 'ItemCooccurrence', 'BagOfItems', 'EASE', 'PeterRec'],
      ...['PeterRec-with-squeeze-16', 'PeterRec-with-training-0.5'],
    ].map((id) => `News ${id}`),
  );
  assert.throws(() => planned({ loss: 'authors' }, { loss: 'authors' }), {
    name: 'UserError',
    message: /^PeterRec-with-loss-authors .*twice/,
  });
});

/** Writes a document of today's code, as old as is said. */
function leave(out: string, age: number, method: Experiment, about: Partial<Result> = {}): Result {
  const declaration = recordOf(news, method, preset);
  const written = store(out, { ...completed(method), declaration, ...about }, [{ row: 0 }], `aged-${age}`);
  const time = new Date(Date.now() - 1000 * age);
  fs.utimesSync(path.join(out, 'results', written.instances.replace(/tsv$/, 'json')), time, time);
  return written;
}

test('variants that were tried before stand before what ran, the newest last and alone of its name, as they were left', () => {
  const out = folderWith({});
  leave(out, 30, squeeze(4));
  const older = leave(out, 20, half);
  const newer = leave(out, 10, squeeze(4));
  leave(out, 9, squeeze(64), { task: 'Parity' });
  leave(out, 8, squeeze(64), { preset: 'paper' });
  leave(out, 7, squeeze(32), { declaration: { ...recordOf(news, squeeze(32), preset), code: 'another' } });
  leave(out, 6, vary(nonCausal.PeterRec, { loss: 'authors' }));
  leave(out, 5, causal.FineAll);
  const patient = { ...preset, patience: preset.patience + 1 };
  const longer = changedBy(preset, { recommend: { passes: 3 } });
  const more = { ...news, instances: news.instances.slice(1) };
  for (const [by, task] of [
    [patient, news],
    [longer, news],
    [preset, more],
  ] as const)
    leave(out, 5, squeeze(2), { declaration: recordOf(task, squeeze(2), by) });
  leave(out, 4, vary({ ...PeterRec, training: 0.3 }, { loss: 'authors' }));
  const results = [completed(PeterRec), completed(squeeze(16))];
  assert.deepEqual(tried({ preset, tasks: [news] }, completedRun(out, results), PeterRec).results, [
    older,
    newer,
    ...results,
  ]);
});

test('a variant that ran again has its new result, at its place; one of fewer seeds is left out', () => {
  const out = folderWith({});
  leave(out, 20, squeeze(16));
  const other = leave(out, 10, squeeze(4));
  const results = [completed(PeterRec), completed(called(squeeze(16), 'today'))];
  assert.deepEqual(tried({ preset, tasks: [news] }, completedRun(out, results), PeterRec).results, [
    other,
    ...results,
  ]);
  const both = [1, 2].map((seed) => completed(PeterRec, seed));
  assert.deepEqual(tried({ preset, tasks: [news] }, completedRun(out, both), PeterRec).results, both);
});

test('each variant is set against the method itself; the figure draws it and the latest six', () => {
  const variants = [half, ...[1, 2, 3, 4, 5, 6, 7].map(squeeze)];
  const all = completedRun(
    '',
    [opponents.BagOfItems, PeterRec, ...variants].map((method) => completed(method)),
  );
  assert.deepEqual(
    questions(all, PeterRec).map(({ first, second }) => [first.id, second]),
    variants.map(({ id }) => [id, PeterRec]),
  );
  assert.deepEqual(namesIn(figure(all, PeterRec)), [
    ...['PeterRec', ...variants.slice(2).map(({ label }) => label), 'Bag of items'],
  ]);
});

test('a variant with half of the training instances is compared with its method on the same place', () => {
  const rows = [{ row: 0, user_id: 'u', label: 'news1', rank: 1, full_rank: 1 }];
  const share = { ...PeterRec, training: 0.3 };
  for (const [base, variant, place] of [
    [PeterRec, half, 'News'],
    [share, vary(share, { tcl: 'trained' }), 'News, 30 %'],
  ] as const) {
    const out = folderWith({});
    const results = [base, variant].map((method) => store(out, completed(method), rows));
    const all = tried({ preset, tasks: [news] }, completedRun(out, results), base);
    assert.deepEqual(all.results, results);
    const claims = answerClaims(all, questions(all, base));
    assert.deepEqual(
      claims.map(({ place, question }) => [question.first.label, question.second.label, place]),
      [[variant.label, 'PeterRec', place]],
    );
    assert.deepEqual(methodsIn(table(all, base)), ['PeterRec', variant.label]);
    const drawn = figure(all, base);
    assert.deepEqual([titlesOf(drawn), namesIn(drawn)], [['News'], ['PeterRec', variant.label]]);
  }
});
