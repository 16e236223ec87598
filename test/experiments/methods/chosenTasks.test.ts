import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTasks, lackOf, type Wanted } from '../../../lib/experiments/methods/chosenTasks';

const recommend = (...names: string[]) => names.map((name) => ({ name, kind: 'recommend' as const }));
const classify = (...names: string[]) => names.map((name) => ({ name, kind: 'classify' as const }));
const movielens = [...recommend('ColdRec-1', 'ColdRec-2'), ...classify('GenEst', 'AgeEst', 'LifeEst')];
const loanFund = recommend('ColdFund');

const own = classify('GenEst', 'Churn');
type Case = readonly [name: string, of: typeof movielens, wanted: Wanted, found: string, gaps?: string];
const CASES: readonly Case[] = [
  ['tasks come in the order of the data', movielens, ['AgeEst', 'ColdRec-1'], 'ColdRec-1 AgeEst'],
  ['all tasks', movielens, 'all', 'ColdRec-1 ColdRec-2 GenEst AgeEst LifeEst'],
  ['every task of a kind', movielens, 'classify', 'GenEst AgeEst LifeEst'],
  ['a name of its own', loanFund, ['ColdFund'], 'ColdFund'],
  ['all others stand in', own, ['AgeEst'], 'GenEst Churn', 'For want of AgeEst: GenEst and Churn instead.'],
  [
    'where one of the named is there, nothing stands in for the others',
    ...([own, ['GenEst', 'AgeEst', 'LifeEst'], 'GenEst'] as const),
    'For want of AgeEst and LifeEst: left out.',
  ],
  [
    'another task of the kind stands in; a kind that is not there is left out',
    ...([loanFund, ['ColdRec-1', 'AgeEst'], 'ColdFund'] as const),
    'For want of ColdRec-1: ColdFund instead. For want of AgeEst: left out.',
  ],
  ['nothing is left', loanFund, 'classify', '', 'For want of profile tasks: left out.'],
];
for (const [name, of, wanted, found, gaps = ''] of CASES)
  test(name, () => {
    const chosen = chooseTasks(of, wanted);
    assert.deepEqual([chosen.tasks.map((task) => task.name).join(' '), chosen.gaps.join(' ')], [found, gaps]);
  });

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
