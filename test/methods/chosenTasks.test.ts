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
    ['For want of ColdRec-1: ColdFund instead.'],
  ],
  [
    'all others of the kind stand in',
    classify('GenEst', 'Churn'),
    ['AgeEst'],
    ['GenEst', 'Churn'],
    ['For want of AgeEst: GenEst and Churn instead.'],
  ],
  [
    'where one of the named is there, nothing stands in for the others',
    classify('GenEst', 'Churn'),
    ['GenEst', 'AgeEst', 'LifeEst'],
    ['GenEst'],
    ['For want of AgeEst and LifeEst: left out.'],
  ],
  [
    'a kind that is not there is left out',
    loanFund,
    ['ColdRec-1', 'AgeEst'],
    ['ColdFund'],
    ['For want of ColdRec-1: ColdFund instead.', 'For want of AgeEst: left out.'],
  ],
  ['a task may have a name of its own', loanFund, ['ColdFund'], ['ColdFund'], []],
  ['nothing is left', loanFund, 'classify', [], ['For want of profile tasks: left out.']],
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

test('data that has all of the paper’s tasks lacks none, of other data one sentence says what it lacks', () => {
  assert.deepEqual(lackOf(movielens), []);
  assert.deepEqual(lackOf([...loanFund, ...classify('GenEst')]), [
    'Of the paper’s tasks this data set lacks ColdRec-1, ColdRec-2, AgeEst, and LifeEst.',
  ]);
});
