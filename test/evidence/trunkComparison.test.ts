import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTrunks } from '../../lib/evidence/trunkComparison';
import { inFolder } from '../recipes/tinyTasks';
import { pretrained } from './pretrainedTrunk';

test('trunks are compared by the mean ranks of the same users: 30 and 21 differ by 9 places', () =>
  inFolder((out) => {
    const causal = pretrained(out, 'causal', { a: [10, 1], b: [50, 1] });
    const nonCausal = pretrained(out, 'non-causal', { a: [1, 1], b: [41, 1] });
    // Either user's item is nine places further ahead, so every resample gives 9.
    const expected = { source: 'Films', difference: 9, low: 9, high: 9, users: 2 };
    assert.deepEqual(compareTrunks(out, [causal, nonCausal]), [expected]);
  }));

test('where users disagree, the interval reaches from one to the other', () =>
  inFolder((out) => {
    const causal = pretrained(out, 'causal', { a: [10, 1], b: [50, 1] });
    const nonCausal = pretrained(out, 'non-causal', { a: [20, 1], b: [10, 1] });
    // A quarter of the resamples is the first user twice, a quarter the second.
    const expected = { source: 'Films', difference: 15, low: -10, high: 40, users: 2 };
    assert.deepEqual(compareTrunks(out, [causal, nonCausal]), [expected]);
  }));

test('a source whose trunk was pre-trained in one direction alone is not compared', () =>
  inFolder((out) => {
    assert.deepEqual(compareTrunks(out, [pretrained(out, 'causal', { a: [1, 1] })]), []);
  }));
