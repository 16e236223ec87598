import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/experiments/methods/family';
import { LabelCS, opponents } from '../../lib/experiments/methods/opponents';
import { speedTable } from '../../lib/report/speed';
import { toMarkdown } from '../../lib/report/table/formats';
import { sampleResult } from './sampleResults';

const { PeterRec } = causal;
const { MTL } = opponents;

const end = (step: number, epoch: number, seconds: number) => ({
  ...{ step, epoch, seconds, loss: 0 },
  ...{ valid: {}, test: { Acc: 0.5 } },
});
const fields = { task: 'GenEst', test: { Acc: 0.5 } };
const results = [
  // 20 steps of small batches are a pass: 100 and 300 ms a step, 2 and 6 seconds a pass, 40 and 60 steps in all
  sampleResult({ ...fields, method: MTL, seed: 1 }, [end(20, 1, 3), end(40, 2, 4)]),
  sampleResult({ ...fields, method: MTL, seed: 2 }, [end(20, 1, 3), end(60, 3, 18)]),
  sampleResult({ ...fields, method: PeterRec, seed: 1 }, [end(40, 4, 2)]),
  sampleResult({ ...fields, method: LabelCS, seed: 1 }),
];
const trunk = { id: 'pretrain', label: 'pre-training', trunk: 'causal' } as const;
const pretraining = [sampleResult({ task: 'ColdRec-2', method: trunk, seed: 1, test: {} })];
const table = speedTable('speed', { results, pretraining }, [MTL, PeterRec, LabelCS]);

test('steps, passes and all of training are timed to the last step, over seeds', () => {
  assert.match(
    toMarkdown(table),
    /GenEst +\| MTL +\| +50 ± 14 \| +200\.0 ± 141\.4 \| +4\.00 ± 2\.83 \| +11\.0 ± 9\.9 \|\n\| GenEst +\| PeterRec +\| +40 \| +50\.0 \| +0\.50 \| +2\.0 \|/,
  );
});

test('a row for each trunk, then for each method that takes steps', () => {
  const names = table.rows.map(({ task, method }) => `${task}: ${method}`);
  const trunk = 'source of ColdRec-2: Pre-training, once for all tasks';
  assert.deepEqual(names, [trunk, 'GenEst: MTL', 'GenEst: PeterRec']);
});
