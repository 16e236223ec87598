import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTasks, lackOf, type Wanted } from '../../lib/methods/chosenTasks';

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
  ['all tasks', movielens, 'all', ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'], []],
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
  ['a task may have a name of its own', loanFund, ['ColdFund'], ['ColdFund'], []],
  ['nothing is left', loanFund, 'classify', [], ['This data set lacks profile tasks: left out.']],
];

for (const [name, tasks, wanted, expected, gaps] of CASES) {
  test(name, () => {
    const chosen = chooseTasks(tasks, wanted);
    assert.deepEqual([chosen.tasks.map((task) => task.name), chosen.gaps], [expected, gaps]);
  });
}

test('a name that neither the data nor the paper has is refused with those that are known', () => {
  assert.throws(() => chooseTasks(loanFund, ['ColdFund', 'AgeEts']), {
    name: 'UserError',
    message: 'task AgeEts: expected one of ColdFund, ColdRec-1, ColdRec-2, GenEst, AgeEst, LifeEst',
  });
});

test('data that has all of the paper’s tasks lacks none, other data is told a sentence a kind', () => {
  assert.deepEqual(lackOf(movielens), []);
  assert.deepEqual(lackOf([...loanFund, ...classify('GenEst')]), [
    'This data set lacks ColdRec-1 and ColdRec-2: ColdFund instead.',
    'This data set lacks AgeEst and LifeEst: left out.',
  ]);
});
