import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances, withTraining } from '../../lib/datasets/tasks/split';
import { instanceRows } from '../../lib/documents/store';
import { run } from '../../lib/runs/run';
import { fineTuning, inFolder, parity } from '../recipes/tinyTasks';
import { counted, options } from './tinyRun';

const PeterRec = fineTuning('PeterRec');

test('an experiment on a share of the training instances has documents of its own and the same test instances', () =>
  inFolder(async (out) => {
    const experiments = [PeterRec, { ...PeterRec, training: 0.5 }];
    const { results } = await run({ ...options, out, tasks: [parity], experiments });
    const [whole, half] = results;
    assert.notEqual(whole.instances, half.instances);
    const rows = results.map((result) => instanceRows(out, result).map(({ row }) => row));
    assert.deepEqual(rows[0], rows[1]);
    // 28 training instances in batches of 8, half of them 14: a step of the half is twice as much of a pass
    assert.equal(half.curve[0].epoch, 2 * whole.curve[0].epoch);
    assert.notDeepEqual(half.curve, whole.curve);
  }));

test('counting labels obeys the share too: with one training instance every user gets its class', () =>
  inFolder(async (out) => {
    const experiments = [{ ...counted, training: 0.01 }];
    const { results } = await run({ ...options, out, tasks: [parity], experiments, seeds: 8 });
    const only = withTraining(parity, 0.01);
    const expected = results.map(({ seed }) => only.instances[splitInstances(only, seed).train[0]].label);
    assert.equal(new Set(expected).size, 2);
    assert.deepEqual(
      results.map((result) => [...new Set(instanceRows(out, result).map(({ predicted }) => predicted))]),
      expected.map((label) => [parity.labels[label]]),
    );
  }));
