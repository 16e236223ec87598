import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrunkName } from '../../../lib/model/trunks/names';
import { trunkCurves } from '../../../lib/report/figure/trunkCurves';
import { samplePoint, sampleResult } from '../sampleResults';
import { titlesOf } from './titles';

/** A trunk whose log-loss falls, rises and is kept where it is least. */
function trunk(task: string, trunk: TrunkName, pretraining = 1) {
  const method = { id: 'pretrain', label: 'pre-training', trunk, pretraining };
  const curve = [6, 4, 5].map((LogLoss, i) =>
    samplePoint(10 * (i + 1), { valid: { LogLoss, 'MRR@5': 1 / LogLoss } }),
  );
  const valid = { 'LogLoss/popularity': 7, 'MRR@5/popularity': 0.01, 'MRR@5/co-occurrence': 0.1 };
  return {
    ...sampleResult({ task, method, seed: 1, test: {} }, curve),
    stoppedAt: 20,
    metrics: { test: {}, valid },
  };
}

test('a source has a panel of the log-loss and one of the metric, with what counting reaches and the kept state', () => {
  const figure = trunkCurves('trunks', [
    trunk('Films', 'causal'),
    trunk('Films', 'non-causal'),
    trunk('Films', 'causal', 0.1),
  ]);
  assert.deepEqual(titlesOf(figure), ['Source of Films', 'Source of Films']);
  const of = (panel: string) => figure.spec.data.filter(({ xaxis }) => xaxis === panel);
  const lines = (panel: string) => of(panel).map(({ mode, y }) => [mode, y]);
  assert.deepEqual(lines('x'), [
    ['lines+markers', [6, 4, 5]],
    ['lines+markers', [6, 4, 5]],
    ['markers', [4]],
    ['markers', [4]],
    ['lines', [7, 7]],
  ]);
  assert.deepEqual(lines('x2').slice(-2), [
    ['lines', [0.01, 0.01]],
    ['lines', [0.1, 0.1]],
  ]);
});
