import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInstances, withTraining } from '../../lib/datasets/tasks/split';
import { instanceRows } from '../../lib/documents/store';
import { causal } from '../../lib/methods/family';
import { LabelCS } from '../../lib/methods/opponents';
import { run } from '../../lib/runs/run';
import { inFolder, parity } from '../recipes/tinyTasks';
import { everywhere, options } from './tinyRun';

const { PeterRec } = causal;

test('an experiment on a share of the training instances has documents of its own and the same test instances', () =>
  inFolder(async (out) => {
    const planned = everywhere(PeterRec, { ...PeterRec, training: 0.5 });
    const { results } = await run({ ...options, out, tasks: [parity] }, planned);
    const [whole, half] = results;
    assert.notEqual(whole.instances, half.instances);
    assert.deepEqual(
      [whole.experiment, whole.training, half.experiment, half.training],
      ['PeterRec', 1, 'PeterRec', 0.5],
    );
    const rows = results.map((result) => instanceRows(out, result).map(({ row }) => row));
    assert.deepEqual(rows[0], rows[1]);
    // 28 training instances in batches of 8, half of them 14: a step of the half is twice as much of a pass
    assert.equal(half.curve[0].epoch, 2 * whole.curve[0].epoch);
    assert.notDeepEqual(half.curve, whole.curve);
  }));

test('counting labels obeys the share too: with one training instance every user gets its class', () =>
  inFolder(async (out) => {
    const planned = everywhere({ ...LabelCS, training: 0.01 });
    const { results } = await run({ ...options, out, tasks: [parity], seeds: 8 }, planned);
    const only = withTraining(parity, 0.01);
    const expected = results.map(({ seed }) => only.instances[splitInstances(only, seed).train[0]].label);
    assert.equal(new Set(expected).size, 2);
    assert.deepEqual(
      results.map((result) => [...new Set(instanceRows(out, result).map(({ predicted }) => predicted))]),
      expected.map((label) => [parity.labels[label]]),
    );
  }));
