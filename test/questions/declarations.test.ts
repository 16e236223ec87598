import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerClaims } from '../../lib/evidence/claims';
import { chooseTasks } from '../../lib/experiments/methods/chosenTasks';
import { identityOf, isSame } from '../../lib/experiments/methods/identity';
import { pairsOf } from '../../lib/experiments/resolve/pairs';
import * as rq1 from '../../lib/questions/rq1';
import * as rq2 from '../../lib/questions/rq2';
import * as rq3 from '../../lib/questions/rq3';
import * as rq4 from '../../lib/questions/rq4';
import { folderWith } from '../data/folders';
import { news, parity } from '../experiments/recipes/tinyTasks';
import { sampleTasks } from '../report/sampleResults';
import { wholeRun } from './wholeRun';

/** Everything that is asked, and how many claims that makes on the paper's five tasks. */
const modules = [
  { name: 'RQ1', runs: rq1.runs, asked: [rq1.questions, rq1.bestQuestions], claims: [5 * 5, 5 * 5] },
  { name: 'RQ2', runs: rq2.runs, asked: [rq2.questions], claims: [3 * 5] },
  {
    name: 'RQ3',
    runs: rq3.runs,
    asked: [rq3.questions, rq3.simpleQuestions, rq3.bestQuestions],
    claims: [2 * 3 + 3 * 2, 2 * 2 + 2 * 5, 4 * 5 + 4 * 2 + 3],
  },
  {
    name: 'RQ4',
    runs: rq4.runs,
    asked: [rq4.questions, rq4.shortcutQuestions],
    claims: [2 + 2 * 2 + 2 * 2 + 2 * 6 + 2, 2 * 2],
  },
] as const;

const fund = { ...news, name: 'ColdFund' };
const churn = { ...parity, name: 'Churn' };
const data = [
  ['the paper’s tasks', sampleTasks],
  ['tasks of which none is the paper’s', [fund, churn]],
  ['some of the paper’s tasks beside others', [...sampleTasks.slice(1, 3), fund, churn]],
  ['recommendation alone', [fund]],
  ['profiles alone', [churn]],
] as const;

for (const { name, runs, asked, claims } of modules) {
  test(`${name} asks about nothing but what its runs plan on the task`, () => {
    for (const [what, tasks] of data) {
      const pairs = pairsOf(tasks, runs);
      for (const { first, second, on = 'all' } of asked.flat())
        for (const task of chooseTasks(tasks, on).tasks)
          for (const method of [first, second])
            assert.ok(
              pairs.some((pair) => pair.task === task && isSame(pair.experiment, method)),
              `${what}, ${task.name}: ${identityOf(method)}`,
            );
    }
  });

  test(`${name} asks nothing twice of a task, nothing of a method and itself, and a claim a question and task`, () => {
    const pairs = asked.flat().flatMap(({ first, second, on = 'all' }) => {
      const methods = [first, second].map(identityOf).sort();
      return chooseTasks(sampleTasks, on).tasks.map((task) => [task.name, ...methods]);
    });
    assert.equal(new Set(pairs.map(String)).size, pairs.length);
    assert.ok(pairs.every(([, first, second]) => first !== second));
    const completed = wholeRun(folderWith({}), runs);
    const counts = asked.map((questions) => answerClaims(completed, questions).length);
    assert.deepEqual(counts, claims);
  });
}
