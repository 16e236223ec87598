import assert from 'node:assert/strict';
import { test } from 'node:test';
import { store } from '../../lib/documents/store';
import { compareTrunks } from '../../lib/evidence/trunkComparison';
import { causal, nonCausal } from '../../lib/methods/family';
import { insertionQuestions, insertions, shortcutQuestions } from '../../lib/methods/insertions';
import { presets } from '../../lib/methods/presets';
import { paperAccount } from '../../lib/paper/arithmetic';
import {
  bothTrunks,
  byTrainingShare,
  insertionPlaces,
  littleData,
  pretrainingLengths,
  rq4Questions,
} from '../../lib/questions/rq4';
import { rq4Answer } from '../../lib/questions/rq4Answer';
import { inFolder } from '../recipes/tinyTasks';
import { sampleResult } from '../report/sampleResults';

const rows = insertions(nonCausal.PeterRec);
const row = (method: string) => {
  const [found] = rows.filter((candidate) => candidate.method === method);
  return found;
};

test('Table 7 has eleven insertions, all different; what PeterRec has already shares its results', () => {
  assert.equal(new Set(rows.map(({ patches }) => JSON.stringify(patches))).size, 11);
  assert.equal(new Set(rows.map(({ name }) => name)).size, 11);
  const own = rows.filter(({ name }) => name === 'PeterRec').map(({ method }) => method);
  assert.deepEqual(own, ['Parallel before LN, two (d)']);
  const { method: _, ...d } = row('Parallel before LN, two (d)');
  const { method: __, ...PeterRec } = nonCausal.PeterRec;
  assert.deepEqual(d, PeterRec);
  assert.equal(insertions(causal.PeterRec)[1].name, 'PeterRec');
});

test('two patches of half size have as many weights as one', () => {
  const sizes = { items: 1, labels: 1, channels: 256, kernel: 3, layers: 16 };
  const weights = (method: string) => {
    const patches = row(method).patches;
    if (!patches) throw new Error(method);
    return paperAccount({ ...sizes, patches: 8 * patches.perBlock, squeeze: patches.squeeze }).patches;
  };
  assert.equal(weights('Serial before LN, two of half size'), weights('Serial before LN, one (b)'));
  assert.equal(weights('Serial before LN, two (c)'), 2 * weights('Serial before LN, one (b)'));
});

test('every question is about experiments that are run', () => {
  const run = [
    ...[bothTrunks, insertionPlaces, littleData].flat(),
    ...pretrainingLengths(presets.quick).flatMap(({ experiments }) => experiments),
  ];
  const methods = run.map((experiment) => (experiment.kind === 'most frequent' ? '' : experiment.method));
  for (const { first, second } of [...rq4Questions, ...shortcutQuestions])
    assert.ok(methods.includes(first) && methods.includes(second), `${first}, ${second}`);
  assert.ok(insertionQuestions.every((question) => rq4Questions.includes(question)));
});

test('a tenth of pre-training has a tenth of the steps', () => {
  const steps = pretrainingLengths(presets.paper).map(({ preset }) => preset.pretraining.causal.steps);
  assert.deepEqual(steps, [30_000, 3000, 30_000]);
});

test('with little data each share is a task of its own, and its experiments have files of their own', () => {
  assert.equal(new Set(littleData.map(({ name }) => name)).size, littleData.length);
  const result = sampleResult({ task: 'LifeEst', method: 'PeterRec', seed: 1, test: { Acc: 0.5 } });
  const named = byTrainingShare([
    { ...result, experiment: 'PeterRec-10' },
    { ...result, experiment: 'PeterRec-30' },
  ]);
  assert.deepEqual(
    named.map(({ task, method }) => [task, method]),
    [
      ['LifeEst, 10 %', 'PeterRec'],
      ['LifeEst, 30 %', 'PeterRec'],
    ],
  );
});

/** Leaves the pre-training of a trunk that ranks the last item of every one of ten users so. */
function pretrained(out: string, trunk: 'causal' | 'non-causal', rank: number) {
  const experiment = `pretrain-${trunk}`;
  const result = {
    ...sampleResult({ task: 'ColdRec-1', method: 'pre-training', seed: 1, test: {} }),
    ...{ experiment, trunk },
  };
  const rows = Array.from({ length: 10 }, (_, i) => ({ row: i, user_id: `u${i}`, rank, popularity_rank: 1 }));
  return store(out, { task: 'ColdRec-1', experiment, hash: '0123456789ab', seed: 1 }, result, rows);
}

test('trunks are compared by the reciprocal ranks of the same users: 1/2 and 1/4 differ by 1/4', () =>
  inFolder((out) => {
    const pretraining = [pretrained(out, 'causal', 4), pretrained(out, 'non-causal', 2)];
    const compared = compareTrunks(out, pretraining);
    assert.deepEqual(compared, [{ source: 'ColdRec-1', difference: 0.25, low: 0.25, high: 0.25, users: 10 }]);
    assert.deepEqual(compareTrunks(out, pretraining.slice(0, 1)), []);
    const bench = { data: 'sample', seeds: 1, preset: presets.default };
    assert.match(
      rq4Answer(bench, [], { trunks: compared, curves: [], accounts: [] }),
      /Which trunk pre-trains better:\n\n- On the source of ColdRec-1: the non-causal one; .* \+0\.250 MRR@5 .*10 held-out users/,
    );
  }));
