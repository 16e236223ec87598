import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerLines, testingBy } from '../../lib/evidence/power';
import { alike, asked, better } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';
import { news, parity } from '../recipes/tinyTasks';

const { PeterRec, FineAll, FineZero } = causal;

test('the least difference is told for each task that is asked of, with its test users', () => {
  const [line, ...others] = powerLines(
    [news, parity],
    [better(PeterRec, FineZero), better(FineAll, FineZero)],
    testingBy([1]),
  );
  assert.match(
    line,
    /^4 claims, 1 seed; a difference is decided with 80 % power from 0\.\d{3} HR@5 on News \(\d+ users a seed\), 0\.\d{3} Acc on Parity \(\d+ users a seed\) on$/,
  );
  assert.deepEqual(others, []);
});

test('what is claimed to be alike is told by the users that would show it', () => {
  const [line] = powerLines(
    [news, parity],
    asked('recommend', [alike(PeterRec, FineAll)]),
    testingBy([1, 2, 3, 4, 5]),
  );
  assert.match(
    line,
    /^alike within ± 0\.01 can be shown from so many users a seed on: News [\d,]+ \(there are \d+\)$/,
  );
});

test('more seeds decide smaller differences', () => {
  const least = (seeds: readonly number[]) =>
    Number(
      /from (\S+) Acc/.exec(powerLines([parity], [better(PeterRec, FineZero)], testingBy(seeds))[0])?.[1],
    );
  assert.ok(least([1, 2, 3, 4, 5]) < least([1]));
});
