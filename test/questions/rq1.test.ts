import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure4, table2 } from '../../lib/questions/rq1Report';
import { sampleResults } from '../report/sampleResults';

test('Table 2 goes from what needs no learning to PeterRec and says what is tuned', () => {
  const { rows } = table2(sampleResults());
  assert.deepEqual(
    rows.map(({ method, tuned }) => [method, tuned]),
    [
      ['LabelCS', null],
      ['FineCLS', '2%'],
      ['FineZero', '100%'],
      ['FineAll', '100%'],
      ['PeterZero (frozen trunk)', '9.42%'],
      ['PeterZero (everything)', '100%'],
      ['PeterRec', '9.42%'],
    ],
  );
});

test('Figure 4 shows PeterRec and both readings of PeterZero', () => {
  const legend = figure4(sampleResults()).spec.data.filter(({ showlegend }) => showlegend);
  assert.deepEqual(
    legend.map(({ name }) => name),
    ['PeterRec', 'PeterZero (frozen trunk)', 'PeterZero (everything)', 'Most frequent label'],
  );
});
