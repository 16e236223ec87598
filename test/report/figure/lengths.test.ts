import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../../lib/experiments/methods/family';
import { opponents } from '../../../lib/experiments/opponents/opponents';
import { resultsByLength } from '../../../lib/report/figure/lengths';
import { folderWith } from '../../data/folders';
import { leave, sampleResult } from '../sampleResults';

test('a point is the metric of the users of a quarter alone; a quarter that nobody is tested of has none', () => {
  const out = folderWith({});
  const methods = [causal.PeterRec, opponents.BagOfItems];
  /** PeterRec is right for the longer half, the bag of items for all but the first user. */
  const right = [(i: number) => i >= 4, (i: number) => i > 0];
  const results = methods.map((method, m) =>
    leave(
      out,
      sampleResult({ task: 'AgeEst', method, seed: 1, test: { Acc: 0.5 } }),
      [1, 1, 2, 2, 4, 4].map((quarter, row) => ({
        ...{ row, user_id: `u${row}`, quarter, label: 'even' },
        predicted: right[m](row) ? 'even' : 'odd',
      })),
    ),
  );
  const completed = { out, tasks: [], results, pretraining: [] };
  const { spec } = resultsByLength({ name: 'lengths', caption: '' }, completed, methods);
  assert.deepEqual(
    spec.data.map(({ name, y }) => [name, y]),
    [
      ['PeterRec', [0, 0, 1]],
      ['Bag of items', [0.5, 1, 1]],
    ],
  );
  const { tickvals, ticktext } = spec.layout.xaxis;
  assert.deepEqual(tickvals, [2, 4, 8, 16]);
  assert.deepEqual(ticktext, ['1', '2', '3', '4']);
});
