import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import { lengthRemarks } from '../../lib/report/curves';
import { news } from '../experiments/recipes/tinyTasks';
import { sampleRan, sampleResult } from './sampleResults';

/** A validation part of 27 or of 270 instances, by the size of the task. */
const sized = (instances: number) => ({
  ...news,
  instances: Array.from({ length: instances }, (_, i) => ({ user: i % 40, label: 0 })),
});

const curve = (values: readonly number[], losses: readonly number[]) =>
  values.map((value, i) => ({
    ...{ step: 10 * (i + 1), epoch: i + 1, seconds: i, loss: losses[i] },
    ...{ valid: { 'HR@5': value }, test: { 'HR@5': value } },
  }));

const DECLARED = { patience: 3, budget: { evaluations: 4 } };

/** Validation parts are 27 or 270 instances: too few to stop a training, or enough. */
const cases: readonly (readonly [
  string,
  validation: 27 | 270,
  values: readonly number[],
  stoppedAt: number,
  remark?: RegExp | undefined,
  losses?: readonly number[],
  declaration?: Result['declaration'],
])[] = [
  ['the best state is the last', 270, [0.1, 0.2, 0.3], 30, /^Ended by the budget/],
  ['validation stopped it', 270, [0.1, 0.3, 0.2], 20],
  ['its budget ended', 270, [0.1, 0.3, 0.2, 0.2], 20, /^Ended by/, [4, 3, 2, 1], DECLARED],
  ['its budget had not ended', 270, [0.1, 0.3, 0.2], 20, undefined, [3, 2, 1], DECLARED],
  ['it fell by more than .05', 27, [0.1, 0.3, 0.2], 30, /^Below its best by more than \.05/],
  ['it fell by less', 27, [0.1, 0.3, 0.26], 30],
  ['its loss never fell', 270, [0.1, 0.2, 0.3], 30, /^The loss was never below/, [1, 1, 1.5]],
  ['its loss fell once', 270, [0.1, 0.3, 0.2], 20, undefined, [1, 0.9, 1.5]],
];
for (const [what, validation, values, stoppedAt, remark, losses = [3, 2, 1], declaration = {}] of cases)
  test(`with ${validation} validation instances, where ${what}: ${remark ?? 'no remark'}`, () => {
    const fields = { task: 'News', method: causal.PeterRec, seed: 1, test: { 'HR@5': 0.2 } };
    const result: Result = { ...sampleResult(fields, curve(values, losses)), stoppedAt, declaration };
    const tasks = [sized(validation === 27 ? 90 : 9000)];
    const [found, ...others] = lengthRemarks({ ...sampleRan('', [result], []), tasks });
    assert.deepEqual(others, []);
    if (remark === undefined) return assert.equal(found, undefined);
    assert.match(found, remark);
    assert.match(found, /: PeterRec on News\.$/);
  });
