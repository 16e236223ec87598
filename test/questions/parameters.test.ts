import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nonCausal } from '../../lib/experiments/methods/family';
import { taskAccounts } from '../../lib/experiments/runs/taskAccounts';
import * as parameters from '../../lib/questions/parameters';
import { toCsv } from '../../lib/report/table/formats';
import { storageTable } from '../../lib/report/table/storage';
import type { Table } from '../../lib/report/table/table';
import { news, parity, preset } from '../experiments/recipes/tinyTasks';

const accounts = taskAccounts([news, parity], [nonCausal.PeterRec, nonCausal.FineAll], preset);
const column = ({ rows }: Pick<Table, 'rows'>, key: string) => rows.map((row) => row[key]);

test('a further task costs its tuned parameters in float32: 100 of patches and 9 a label, or the whole model', () => {
  const whole = 120 + 864; // fifteen rows and four layers of k = 8
  assert.equal(
    toCsv(storageTable('t', accounts)).split('\n').slice(1, 3).join('\n').replace(/\r/g, ''),
    [
      `PeterRec,${share(118)} to ${share(190)},${(4 * 190) / 1000},${(4 * 118) / 1000}`,
      `FineAll,100%,${(4 * (whole + 90)) / 1000},${(4 * (whole + 18)) / 1000}`,
    ].join('\n'),
  );
  function share(tuned: number): string {
    const all = whole + (tuned === 190 ? 90 : 18);
    return `${((100 * tuned) / all).toPrecision(3)}%`;
  }
});

test('the captions of Table 3 and Figure 5 and the example of section 3.3, to the digit', () => {
  assert.deepEqual(column(parameters.table3CaptionTable(), 'printed'), [
    '9.4%',
    '2.7%',
    '0.16%',
    '0.16%',
    '0.16%',
  ]);
  assert.deepEqual(
    column(parameters.table3CaptionTable(), 'peterRec'),
    [5_382_144, 4_614_144, 262_656, 264_192, 263_680],
  );
  assert.deepEqual(
    column(parameters.figure5CaptionTable(), 'tuned'),
    [168_265_728, 393_216, 262_144, 196_608, 0],
  );
  const counted = ['638,853,120', '10,485,760', '11,509,760', '1.80%'];
  assert.deepEqual(column(parameters.section33Table(), 'counted').slice(-4), counted);
});

test('the answer names the shares and each task', () => {
  const answer = parameters.answer({ data: 'tiny', preset }, accounts);
  assert.match(
    answer,
    /^\*\*What does a further task cost\? .* 11\.78 % to 17\.69 % of what FineAll stores, on tiny/,
  );
  assert.match(answer, /- News: 0\.8 kB with PeterRec, 4\.3 kB with FineAll \(17\.69 %\)\./);
});

test('the account is of everything that RQ2 and RQ3 compare, what needs no learning first', () => {
  const all = parameters.accounts({ tasks: [news, parity], preset });
  assert.deepEqual(column(parameters.storage(all), 'method'), [
    ...['LabelCS', 'Popularity', 'Item co-occurrence', 'Bag of items', 'Linear item-to-item (EASE)'],
    ...['FineCLS', 'FineLast1', 'FineLast2', 'FineAll', 'PeterRec', 'NeuFM', 'DeepFM', 'MTL'],
  ]);
});
