import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerOf } from '../../lib/evidence/power';
import { alike, asked, better, type Question } from '../../lib/evidence/questions';
import { causal } from '../../lib/experiments/methods/family';
import { news, parity } from '../experiments/recipes/tinyTasks';

const { PeterRec, FineAll, FineZero } = causal;
const lines = (seeds: readonly number[], ...together: Question[]) =>
  powerOf([{ question: 'RQ1', together }], [news, parity], seeds);
const FIVE = [1, 2, 3, 4, 5];

test('the least difference is told for each task with its test users; more seeds decide smaller ones', () => {
  const leastOf = (seeds: readonly number[]) => {
    const [line, ...others] = lines(seeds, better(PeterRec, FineZero), better(FineAll, FineZero));
    const found =
      /^ {2}RQ1: 4 claims, (1 seed|5 seeds); .* 80 % power from (0\.\d{3}) HR@5 on News \(\d+ users a seed\), 0\.\d{3} Acc on Parity \(\d+ users a seed\) on$/;
    assert.deepEqual(others, []);
    return Number(found.exec(line)?.[2]);
  };
  assert.ok(leastOf(FIVE) < leastOf([1]));
});

test('what is claimed to be alike is told by the users that would show it', () => {
  const [line] = lines(FIVE, ...asked('recommend', [alike(PeterRec, FineAll)]));
  assert.match(line, /alike within ± 0\.01 .* from so many users a seed on: News [\d,]+ \(there are \d+\)$/);
});
