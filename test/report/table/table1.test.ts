import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table1 } from '../../../lib/report/table/table1';

const size = { users: 943, sourceInstances: 940, targetInstances: 941, sourceItems: 1200, labels: 5 };

test('Table 1 has one row a task, and beside it what the paper’s task of that name holds', () => {
  const tasks = ['ColdRec-1', 'AgeEst', 'MyTask'].map((task) => ({ task, ...size }));
  assert.deepEqual(table1(tasks).rows, [
    { ...tasks[0], paperUsers: 1_649_095, paperItems: 191_014, paperLabels: 20_342 },
    { ...tasks[1], paperUsers: 1_551_357, paperItems: null, paperLabels: 8 },
    { ...tasks[2], paperUsers: null, paperItems: null, paperLabels: null },
  ]);
  assert.match(table1(tasks).note ?? '', /Tencent/);
});

test('of data without a task of the paper, Table 1 says nothing of the paper', () => {
  const { columns, rows, note } = table1([{ task: 'constructor', ...size }]);
  assert.equal(columns.length, 6);
  assert.deepEqual(rows, [{ task: 'constructor', ...size }]);
  assert.equal(note, undefined);
});
