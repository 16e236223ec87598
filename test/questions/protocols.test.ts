import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDataset } from '../../lib/data/describe/describe';
import { loadDataset } from '../../lib/data/loading/dataset';
import { buildTasks } from '../../lib/data/tasks/tasks';
import type { Claim, Verdict } from '../../lib/evidence/claims';
import { leakageBill, type Order } from '../../lib/evidence/protocols';
import { causal } from '../../lib/experiments/methods/family';
import { presets } from '../../lib/experiments/methods/presets';
import { answer, billTable, orderTable, paperData, timelineData } from '../../lib/questions/protocols';
import { table1 } from '../../lib/report/table/table1';
import { newsFolder } from '../data/news';
import { sampleClaim } from '../report/sampleClaim';

const claimsOf = (...verdicts: readonly Verdict[]): Claim[] =>
  verdicts.map((verdict, i) => sampleClaim({ task: `Task ${i}`, verdict, users: 100 * (i + 1) }));

const timed = (timeline: number | null) => {
  const dataset = loadDataset(newsFolder({ card: { timeline: 3 } }), timeline);
  const tasks = buildTasks(dataset);
  return { dataset, tasks, table1: () => table1(describeDataset(dataset, tasks).tasks) };
};
const asking = { ...timed(3), data: 'news-no-timeline', seeds: 5, preset: presets.default };
const answered = (paper: Claim[], timely: Claim[]) =>
  answer(asking, { claims: paper, orders: [] }, { claims: timely, orders: [] });

test('the answer says what becomes of the claims that hold, and counts no open question as one that keeps its verdict', () => {
  const [head, late] = answered(
    claimsOf('holds', 'holds', 'holds', 'undecided', 'undecided'),
    claimsOf('holds', 'undecided', 'does not hold', 'undecided', 'holds'),
  ).split('\n\n');
  assert.match(
    head,
    /On news, 3 of 5 claims hold under the paper’s protocol; under the timeline, of these, holds: 1, does not hold: 1, undecided: 1\.\*\*$/,
  );
  assert.equal(late, 'Under the timeline 1 claim holds that does not under the paper’s protocol.');
  assert.match(
    answered(claimsOf('undecided'), claimsOf('undecided')),
    /0 of 1 claims hold under the paper’s protocol\.\*\*/,
  );
});

test('a bill stands beside the users who are tested under both protocols', () => {
  const [row] = billTable(leakageBill(claimsOf('holds'), [sampleClaim({ task: 'Task 0', users: 31 })])).rows;
  assert.deepEqual([row.paperUsers, row.timelyUsers], [100, 31]);
});

test('tables of both protocols say how many instances and users are tested', () => {
  const tested = ({ rows }: ReturnType<typeof paperData>) =>
    rows.map(({ task, testedInstances, testedUsers }) => [task, testedInstances, testedUsers]);
  assert.deepEqual(tested(timelineData(timed(3))), [
    ['Videos', 1, 1], // dan comes to z at 3; what ann comes to has too little before it
    ['Sex', 3, 3],
    ['Age', 2, 2], // dan is in none of the classes
    ['Everything', 3, 3], // all but cid
  ]);
  assert.deepEqual(tested(paperData(timed(null)))[0], ['Videos', 1, 1]);
  const { name, note } = paperData(timed(null));
  assert.equal(name, 'protocols-paper-data');
  assert.match(String(note), /^Videos: 33 % of what a source sequence holds came after the target item\./);
});

const order: Order = {
  task: 'Videos',
  metric: 'HR@5',
  isGiven: false,
  standings: [{ method: causal.PeterRec, sampled: 0.5, full: 0.25, corrected: -0.01 }],
  tau: { sampled: -0.5, corrected: Number.NaN },
};

test('an order says Kendall’s τ with that of the pool, and what an estimate below 0 is', () => {
  const { note, caption } = orderTable(order, 'paper');
  assert.match(
    String(note),
    /among 1 \+ 99 −0\.50, for the estimate none \(methods tie throughout in one of the orders\)/,
  );
  assert.match(caption, /HR@5 among 1 \+ 99 and in the whole pool/);
});

test('where a split file names the negatives, none is called one of 99', () => {
  const { note, caption, columns } = orderTable({ ...order, isGiven: true }, 'paper');
  assert.doesNotMatch(`${note} ${caption} ${columns.map(({ label }) => label)}`, /99/);
  assert.match(String(note), /takes the negatives of the split file for drawn at random/);
});
