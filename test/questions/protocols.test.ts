import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../lib/data/loading/dataset';
import { buildTasks } from '../../lib/data/tasks/tasks';
import type { Claim, Verdict } from '../../lib/evidence/claims';
import { presets } from '../../lib/experiments/methods/presets';
import { answer, changesTable, dataTable, verdictsTable } from '../../lib/questions/protocols';
import { newsFolder } from '../data/news';
import { sampleClaim } from '../report/sampleClaim';

const claimsOf = (...verdicts: readonly Verdict[]): Claim[] =>
  verdicts.map((verdict, i) => sampleClaim({ task: `Task ${i}`, verdict, difference: i / 100 }));

const bench = (timeline: number | null) => {
  const dataset = loadDataset(newsFolder({ card: { timeline: 3 } }), timeline);
  return { dataset, tasks: buildTasks(dataset) };
};
const asking = { data: 'news', seeds: 5, preset: presets.default };
const claims = {
  paper: claimsOf('holds', 'holds', 'undecided', 'holds'),
  'unread users': claimsOf('holds', 'undecided', 'holds').map((claim) => ({ ...claim, difference: -0.01 })),
};

test('the answer counts what holds under each protocol, of the claims that are asked under both, and names the largest change', () => {
  const [head, largest] = answer(asking, claims).split('\n\n');
  assert.match(
    head,
    /On news, 3 of 4 claims hold under the paper’s protocol; unread users: 2 \(2 of the same claims\)\.\*\*$/,
  );
  assert.equal(largest, 'Largest changes of a difference: unread users −0.030 (FineAll > FineZero, Task 2).');
});

test('a table counts verdicts that stay, are lost and won; another one holds those that differ', () => {
  const [{ change, size, ...counts }] = changesTable(claims).rows;
  assert.deepEqual(counts, { protocol: 'unread users', claims: 3, same: 1, lost: 1, won: 1, apart: 0 });
  assert.ok(Math.abs(Number(change) - -0.02) < 1e-12 && Math.abs(Number(size) - 0.02) < 1e-12);
  assert.deepEqual(
    verdictsTable(claims).rows.map((row) => [row.task, row['paper verdict'], row['unread users verdict']]),
    [
      ['Task 1', 'holds', 'undecided'],
      ['Task 2', 'undecided', 'holds'],
    ],
  );
});

test('a table says how many instances and users each protocol tests', () => {
  const { rows } = dataTable({ paper: bench(null), timeline: bench(3) });
  assert.deepEqual(
    rows
      .map(({ protocol, task, testedInstances, testedUsers }) => [
        protocol,
        task,
        testedInstances,
        testedUsers,
      ])
      .slice(3),
    [
      ['paper', 'Everything', 1, 1],
      ['timeline', 'Videos', 1, 1], // dan comes to z at 3; what ann comes to has too little before it
      ['timeline', 'Sex', 3, 3],
      ['timeline', 'Age', 2, 2], // dan is in none of the classes
      ['timeline', 'Everything', 3, 3], // all but cid
    ],
  );
  assert.deepEqual([rows[0].testedInstances, Math.round(100 * Number(rows[0].later))], [1, 33]);
});
