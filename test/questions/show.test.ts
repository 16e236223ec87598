/** Questions as data: what each shows of a whole run, under the page's and the notebook's names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presets } from '../../lib/experiments/methods/presets';
import { taskAccounts } from '../../lib/experiments/runs/taskAccounts';
import type { Workbench } from '../../lib/experiments/workbench/workbench';
import { allQuestions, claimsOf, questionOf } from '../../lib/questions/planned';
import type { ResearchQuestion } from '../../lib/questions/question';
import { inProject } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { readNotebook } from '../notebooks/notebook';
import { sampleTasks } from '../report/sampleResults';
import { wholeRun } from './wholeRun';

const bench = { data: 'sample', tasks: sampleTasks, seeds: 1, preset: presets.quick, trials: 0 };

/** Of a trunk that validation has stopped at once. */
const POINT = { step: 0, epoch: 0, seconds: 1, loss: 1, valid: { LogLoss: 1, 'MRR@5': 0.1 }, test: {} };

for (const name of ['rq1', 'rq2', 'rq3', 'rq4', 'scale', 'methods'])
  test(`${name} answers by the claims that it asks, and shows each table and figure once`, async () => {
    const question = (await questionOf(name)) as ResearchQuestion;
    const whole = wholeRun(folderWith({}), question.runs);
    const completed = {
      ...whole,
      pretraining: whole.pretraining.map((trunk) => ({ ...trunk, curve: [POINT], stoppedAt: 0 })),
    };
    const claims = claimsOf(question, completed);
    assert.equal(claims.length, question.asks.length);
    assert.ok(claims.flat().every(({ pOverall }) => (pOverall === null) === (name === 'scale')));
    const accounts = taskAccounts(sampleTasks, question.stored ?? [], presets.quick);
    const found = { bench: bench as unknown as Workbench, accounts, claims };
    const { answer, main, details } = question.show(completed, found);
    const names = [...main, ...details].map((thing) => `${'spec' in thing}${thing.name}`);
    assert.equal(new Set(names).size, names.length);
    assert.match(answer.sentence, /^Nothing is shown: /);
    const [opening] = readNotebook(inProject(`notebooks/${name}.ipynb`)).cells;
    assert.ok(opening.source.startsWith(`# ${question.title}\n`));
  });

test('the paper’s four questions are one family of claims', async () => {
  const questions = await Promise.all(['rq1', 'rq2', 'rq3', 'rq4'].map(questionOf));
  assert.equal(allQuestions.length, questions.flatMap((one) => one?.asks.flat() ?? []).length);
});
