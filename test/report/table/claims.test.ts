import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, better } from '../../../lib/evidence/questions';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called } from '../../../lib/experiments/methods/identity';
import { claimsTable } from '../../../lib/report/table/claims';
import { toCsv, toMarkdown } from '../../../lib/report/table/formats';
import { sampleClaim } from '../sampleClaim';

test('a claim is a row with its numbers and its verdict', () => {
  assert.deepEqual(claimsTable('claims', [sampleClaim()]).rows, [
    {
      ...{ task: 'GenEst', claim: 'FineAll > FineZero', metric: 'Acc' },
      difference: { mean: 0.031, low: 0.017, high: 0.046 },
      ...{ users: 869, seeds: 3, p: 0.015, verdict: 'holds', pOverall: 0.08 },
    },
  ]);
});

test('what is printed fits on a page; the CSV has the rest', () => {
  const table = claimsTable('claims', [sampleClaim({ question: alike(causal.FineAll, causal.FineZero) })]);
  const lines = toMarkdown(table).replace(/ +/g, ' ').split('\n');
  assert.equal(lines[2], '| Task | Claim | Difference \\[95 %\\] | p (Holm) | Verdict | Test users |');
  assert.match(
    lines[4],
    / FineAll ≈ FineZero \| \+0\.031 \\\[\+0\.017, \+0\.046\\\] \| 0\.0150 \| holds \| 869 \|$/,
  );
  assert.equal(
    toCsv(table).split('\n')[0].replaceAll('Difference [95 %]', 'D'),
    'Task,Claim,Metric,D,D low,D high,p (Holm),Verdict,Test users,' + 'Seeds,p over all',
  );
  assert.ok((table.note ?? '').split(' ').length <= 40, table.note);
});

test('a claim stands at its place, under the labels of its question', () => {
  const question = better(called(nonCausal.PeterRec, 'PeterRec_on'), called(causal.PeterRec, 'PeterRec_al'));
  const [{ task, claim }] = claimsTable('claims', [sampleClaim({ question, place: 'LifeEst, 10 %' })]).rows;
  assert.deepEqual([task, claim], ['LifeEst, 10 %', 'PeterRec_on > PeterRec_al']);
});

test('the note of few seeds says more than that of enough', () => {
  const noteOf = (seeds: number) => claimsTable('claims', [sampleClaim({ seeds })]).note ?? '';
  assert.match(noteOf(2).replace(noteOf(3), ''), /^ .*3 seeds/);
});
