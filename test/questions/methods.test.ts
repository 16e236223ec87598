import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeanSd } from '../../lib/evidence/aggregate';
import { answerClaims, type Claim } from '../../lib/evidence/claims';
import type { Result } from '../../lib/experiments/documents/document';
import { identityOf } from '../../lib/experiments/methods/identity';
import { presets } from '../../lib/experiments/methods/presets';
import { spaceOf } from '../../lib/experiments/tuning/points';
import * as methods from '../../lib/questions/methods';
import { answer } from '../../lib/questions/methods/answer';
import { frontiers } from '../../lib/questions/methods/costs';
import { paying } from '../../lib/questions/methods/paying';
import { asPublished, tablesOf } from '../../lib/questions/methods/tables';
import * as rq1 from '../../lib/questions/rq1';
import * as rq2 from '../../lib/questions/rq2';
import type { Table } from '../../lib/report/table/table';
import { folderWith } from '../data/folders';
import { titlesOf } from '../report/figure/titles';
import { wholeRun } from './wholeRun';

const completed = wholeRun(folderWith({}), methods.runs);
const claims = methods.claims(
  methods.asks.map((family) => answerClaims(completed, family, methods.asks.flat())),
);
const bench = { data: 'sample', seeds: 5, preset: presets.default, trials: 12 };

test('every way is tuned over the same values on every trunk, and is a document of RQ1 or RQ2 where these have it', () => {
  const all = methods.trunks.flatMap((trunk) => methods.methodsOn(trunk));
  assert.equal(new Set(all.map(identityOf)).size, all.length);
  assert.equal(new Set(methods.ways.map(({ label }) => label)).size, methods.ways.length); // tables and figures go by labels
  for (const method of all) assert.deepEqual(Object.keys(spaceOf(method)), ['rate', 'dropout', 'decay']);
  const known = new Set([...rq1.experiments, ...rq2.experiments].map(identityOf));
  const shared = methods.methodsOn('causal').filter((method) => known.has(identityOf(method)));
  const ids = shared.map(({ id }) => id);
  assert.deepEqual(ids, ['FineAll-best', 'FineLast1-best', 'FineCLS-best']);
});

test('a row a way, with signs against everything and against patches of k/8; what is not defined is said', () => {
  const tables = tablesOf(completed, claims);
  assert.deepEqual(
    tables.map(({ name }) => name),
    methods.trunks.flatMap((trunk) => ['', '-costs', '-claims'].map((of) => `methods-${trunk}${of}`)),
  );
  const [reached, costs] = tables;
  const row = ({ rows }: Table, label: string) => rows.find(({ method }) => method === label);
  const cellOf = (label: string) => row(reached, label)?.AgeEst as MeanSd;
  assert.deepEqual([cellOf('LoRA, as k/8').mean, cellOf('LoRA, as k/8').mark], [0.5, ' ··']);
  assert.deepEqual([cellOf('Everything').mark, cellOf('Patches, k/8').mark], [' –·', ' ·–']);
  const extraOf = (label: string) => row(costs, label)?.extra;
  assert.deepEqual(
    [extraOf('LoRA, as k/8'), extraOf('Prompt of 8'), extraOf('NeuFM')],
    ['no', 'yes', undefined],
  );
  const gru = tables[9];
  assert.ok(gru.rows.every(({ method }) => method !== 'Norms'));
  assert.match(gru.note ?? '', /Norms: not defined, a GRU has no norm/);
});

test('the time of a step is the median of the runs on a task without their first evaluation; tasks that differ are a range', () => {
  const point = completed.results.flatMap(({ curve }) => curve)[0];
  /** Steps of this many milliseconds after a slow start. */
  const timed = (result: Result, seed: number, milliseconds: number): Result => ({
    ...{ ...result, seed },
    curve: [
      { ...point, step: 10, seconds: 5 },
      { ...point, step: 20, seconds: 5 + milliseconds / 100 },
    ],
  });
  const results = completed.results.flatMap((result) =>
    result.experiment === 'FineAll-best' && result.task === 'GenEst'
      ? [20, 1000, 30].map((milliseconds, i) => timed(result, i + 1, milliseconds)) // the second was paused
      : [result],
  );
  const [, { rows }] = tablesOf({ ...completed, results }, claims);
  const everything = rows.find(({ method }) => method === 'Everything');
  assert.deepEqual([everything?.profiles, everything?.items], ['30 to 100', '100']);
});

test('what papers say of six ways stands beside the signs of all tasks on each trunk', () => {
  const { rows, note } = asPublished(completed, claims);
  assert.deepEqual(
    rows.map(({ method, GRU }) => [method, GRU]),
    ['Biases (BitFit)', 'Patches, k/8', 'LoRA, as k/8', '(IA)³', 'Prompt of 8', 'Side network, k/8'].map(
      (label) => [label, '·····'],
    ),
  );
  assert.match(note ?? '', /ColdRec-1, ColdRec-2, GenEst, AgeEst, LifeEst\. ▲ the first is better/);
});

test('figures have a row of panels a trunk, or one of all for one task', () => {
  const [weights] = frontiers(completed);
  const titles = titlesOf(weights);
  assert.deepEqual(
    [titles.length, titles[4], titles[5]],
    [5 * methods.trunks.length, 'LifeEst, causal', 'ColdRec-1, non-causal'],
  );
  const { yaxis, yaxis5, yaxis6 } = weights.spec.layout;
  assert.deepEqual(yaxis6.range, yaxis.range);
  assert.ok((yaxis6.domain?.[1] ?? 0) < (yaxis5.domain?.[0] ?? 0)); // a row below
  const [task] = completed.tasks;
  const results = completed.results.filter((result) => result.task === task.name);
  const [alone] = frontiers({ ...completed, tasks: [task], results });
  const { xaxis, xaxis4 } = alone.spec.layout;
  assert.ok((xaxis.domain?.[1] ?? 1) < (xaxis4.domain?.[0] ?? 0)); // side by side
});

test('claims stand by trunk and family: each way once against the classifier, all about their own trunk', () => {
  for (const trunk of methods.trunks) {
    const { learns, forms, profiles } = claims[trunk];
    const there = methods.ways.filter((way) => methods.isOn(trunk)(way) && way !== methods.Classifier);
    const asked = trunk === 'causal' ? 6 : 4; // each against the patch and the bag of items on three profiles
    assert.deepEqual([learns.length, forms.length, profiles.length], [5 * there.length, 15, 3 * 2 * asked]);
    assert.ok(learns.every(({ question }) => question.second.trunk === trunk));
  }
});

test('what pays is a row a way and a column a trunk, and the answer three sentences', () => {
  const [PATCH, ALL] = [methods.paperPatch.label, methods.Everything.label];
  assert.deepEqual(
    paying(claims).rows.map(({ method, all, GRU }) => [method, all, GRU]),
    [ALL, PATCH].map((way) => [way, '0 of 20', '0 of 5']),
  );
  const none = answer(bench, claims).notes;
  assert.equal(none[0], 'No way is shown to be better than the classifier alone.');
  assert.match(
    none[1],
    /^Everything: 0; the paper’s patches: 0, better than .* in 0 of 60 claims, worse in 0\.$/,
  );

  const holding = (claim: Claim): Claim =>
    ['Norms', ALL].includes(claim.question.first.label) && claim.task === 'AgeEst'
      ? { ...claim, verdict: 'holds' }
      : claim;
  const held = Object.fromEntries(
    methods.trunks.map((trunk) => [trunk, { ...claims[trunk], learns: claims[trunk].learns.map(holding) }]),
  ) as unknown as typeof claims;
  assert.deepEqual(
    paying(held).rows.map(({ method, all, causal, GRU }) => [method, all, causal, GRU]),
    [
      [ALL, '4 of 20', '1 of 5', '1 of 5'],
      ['Norms', '3 of 15', '1 of 5', '–'], // a GRU has no norm
      [PATCH, '0 of 20', '0 of 5', '0 of 5'],
    ],
  );
  const { notes } = answer(bench, held);
  assert.equal(notes[0], 'Everything pays most: shown on 4 of 20 pairs of task and trunk.');
  assert.match(notes[1], /^Everything: 4; /);
  assert.ok(notes.length === 3 && notes.join(' ').split(' ').length <= 60, notes.join(' '));
});
