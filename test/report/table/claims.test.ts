import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../../lib/evidence/questions';
import { causal, nonCausal } from '../../../lib/methods/family';
import { called } from '../../../lib/methods/identity';
import { claimsTable } from '../../../lib/report/table/claims';
import { toMarkdown } from '../../../lib/report/table/formats';
import { sampleClaim } from '../sampleClaim';

test('a claim is a row with its numbers, its verdict and the users that would decide it', () => {
  const [row] = claimsTable('claims', [sampleClaim()]).rows;
  assert.deepEqual(row, {
    task: 'GenEst',
    claim: 'FineAll > FineZero',
    metric: 'Acc',
    difference: 0.031,
    low: 0.017,
    high: 0.046,
    seedLow: -0.01,
    seedHigh: 0.07,
    effect: 0.2,
    p: 0.015,
    users: 869,
    seeds: 3,
    verdict: 'holds',
    needed: 700,
  });
});

test('what one seed, users who differ alike or a difference of 0 do not give is an empty cell', () => {
  const nothing = { seedLow: Number.NaN, seedHigh: Number.NaN, effect: Number.POSITIVE_INFINITY };
  const table = claimsTable('claims', [sampleClaim({ ...nothing, needed: null })]);
  const { seedLow, seedHigh, effect, needed } = table.rows[0];
  assert.deepEqual([seedLow, seedHigh, effect, needed], [null, null, null, null]);
  assert.doesNotMatch(toMarkdown(table), /NaN|Infinity|null/);
});

test('equivalence has its own sign, and the note the margin', () => {
  const { rows, note } = claimsTable('claims', [
    sampleClaim({ question: alike(causal.FineAll, causal.FineZero) }),
  ]);
  assert.equal(rows[0].claim, 'FineAll ≈ FineZero');
  assert.match(note ?? '', /within ± 0\.01/);
});

test('a claim stands at its place, under the labels of its question', () => {
  const question = better(called(nonCausal.PeterRec, 'PeterRec_on'), called(causal.PeterRec, 'PeterRec_al'));
  const [{ task, claim }] = claimsTable('claims', [sampleClaim({ question, place: 'LifeEst, 10 %' })]).rows;
  assert.deepEqual([task, claim], ['LifeEst, 10 %', 'PeterRec_on > PeterRec_al']);
});
