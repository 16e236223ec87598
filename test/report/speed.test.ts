import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { LabelCS, opponents } from '../../lib/methods/opponents';
import { speedAnswer, speeds, speedTable } from '../../lib/report/speed';
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
  // 40 steps of small batches are 2 passes: 100 and 300 ms a step, 2 and 6 seconds a pass
  sampleResult({ ...fields, method: MTL, seed: 1 }, [end(20, 1, 3), end(40, 2, 4)]),
  sampleResult({ ...fields, method: MTL, seed: 2 }, [end(20, 1, 3), end(40, 2, 12)]),
  sampleResult({ ...fields, method: PeterRec, seed: 1 }, [end(40, 4, 2)]),
  sampleResult({ ...fields, method: LabelCS, seed: 1 }),
];
const found = speeds(results, [MTL, PeterRec, LabelCS]);

test('steps, passes and all of training are timed to the last step, over seeds', () => {
  assert.match(
    toMarkdown(speedTable('speed', found)),
    /GenEst \| MTL +\| +40 \| +200\.0 ± 141\.4 \| +4\.00 ± 2\.83 \| +8\.0 ± 5\.7 \|\n\| GenEst \| PeterRec \| +40 \| +50\.0 \| +0\.50 \| +2\.0 \|/,
  );
});

test('a method that takes no step has no speed', () => {
  assert.deepEqual(
    found.map(({ method }) => method.label),
    ['MTL', 'PeterRec'],
  );
});

test('in words: 4 seconds a pass are 8 times 0.5, 8 seconds in all 4 times 2, and the trunk is paid once', () => {
  const trunk = { id: 'pretrain', label: 'pre-training', trunk: 'causal' } as const;
  const pretraining = sampleResult({ task: 'ColdRec-2', method: trunk, seed: 1, test: {} });
  assert.equal(
    speedAnswer(found, [MTL, PeterRec], [pretraining]),
    '- GenEst: MTL takes 8.0 times as long a pass as PeterRec, and 4.0 times to its last step.\n' +
      '- Before that, once for all tasks on the source of ColdRec-2, PeterRec’s trunk was pre-trained in 1.0 seconds.',
  );
});
