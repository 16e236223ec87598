import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTasks, type Wanted } from '../../lib/questions/missing';

const recommend = (...names: string[]) => names.map((name) => ({ name, kind: 'recommend' as const }));
const classify = (...names: string[]) => names.map((name) => ({ name, kind: 'classify' as const }));
const movielens = [...recommend('ColdRec-1', 'ColdRec-2'), ...classify('GenEst', 'AgeEst', 'LifeEst')];
const loanFund = recommend('ColdFund');

const CASES: readonly (readonly [string, typeof movielens, Wanted, string[], string[]])[] = [
  [
    'tasks that are there are taken in the order of the data',
    movielens,
    ['AgeEst', 'ColdRec-1'],
    ['ColdRec-1', 'AgeEst'],
    [],
  ],
  ['every task of a kind', movielens, 'classify', ['GenEst', 'AgeEst', 'LifeEst'], []],
  [
    'another task of the kind stands in',
    loanFund,
    ['ColdRec-1'],
    ['ColdFund'],
    ['This data set lacks ColdRec-1: ColdFund instead.'],
  ],
  [
    'all others of the kind stand in',
    classify('GenEst', 'Churn'),
    ['AgeEst'],
    ['GenEst', 'Churn'],
    ['This data set lacks AgeEst: GenEst and Churn instead.'],
  ],
  [
    'where one of the named is there, nothing stands in for the others',
    classify('GenEst', 'Churn'),
    ['GenEst', 'AgeEst', 'LifeEst'],
    ['GenEst'],
    ['This data set lacks AgeEst and LifeEst: left out.'],
  ],
  [
    'a kind that is not there is left out',
    loanFund,
    ['ColdRec-1', 'AgeEst'],
    ['ColdFund'],
    ['This data set lacks ColdRec-1: ColdFund instead.', 'This data set lacks AgeEst: left out.'],
  ],
  ['nothing is left', loanFund, 'classify', [], ['This data set lacks profile tasks: left out.']],
];

for (const [name, tasks, wanted, expected, gaps] of CASES) {
  test(name, () => {
    const chosen = chooseTasks(tasks, wanted);
    assert.deepEqual([chosen.tasks.map((task) => task.name), chosen.gaps], [expected, gaps]);
  });
}
