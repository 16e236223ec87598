import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerLines, testUsersOf } from '../../lib/evidence/power';
import { alike, asked, better } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';
import { news, parity } from '../recipes/tinyTasks';

const { PeterRec, FineAll, FineZero } = causal;

test('the least difference is told for each task that is asked of, with its test users', () => {
  const [line, ...others] = powerLines(
    [news, parity],
    [better(PeterRec, FineZero), better(FineAll, FineZero)],
    testUsersOf([1]),
  );
  assert.match(
    line,
    /^4 claims; a difference is decided with 80 % power from 0\.\d{3} HR@5 on News \(\d+ users\), 0\.\d{3} Acc on Parity \(\d+ users\) on$/,
  );
  assert.deepEqual(others, []);
});

test('what is claimed to be alike is told by the users that would show it', () => {
  const [line] = powerLines(
    [news, parity],
    asked('classify', [alike(PeterRec, FineAll)]),
    testUsersOf([1, 2]),
  );
  assert.match(
    line,
    /^alike within ± 0\.01 can be shown from so many users on: Parity 13,026 \(there are \d+\)$/,
  );
});

test('more seeds test more users', () => {
  const usersOf = (seeds: readonly number[]) =>
    Number(
      /\((\d+) users/.exec(powerLines([parity], [better(PeterRec, FineZero)], testUsersOf(seeds))[0])?.[1],
    );
  assert.ok(usersOf([1, 2, 3]) > usersOf([1]));
});
