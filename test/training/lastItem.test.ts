import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import type { Direction } from '../../lib/engine/ops/convolution';
import { rankInPool } from '../../lib/engine/ops/rank';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import { SCORED_ROWS } from '../../lib/training/evaluate';
import {
  cooccurrenceRanks,
  lastItemRank,
  lastItemRanks,
  popularityLogLosses,
  popularityRanks,
} from '../../lib/training/lastItem';
import { atOnce } from '../../lib/training/parts';
import { taskWith } from '../data/tasks/taskWith';
import { assertClose } from '../engine/bothWays';
import { shapeOf } from '../model/tinyModel';

test('the last item of 2 1 3 ranks among all items by its score', () => {
  const rank = (...row: number[]) => lastItemRank(row, Int32Array.of(2, 1, 3));
  assert.equal(rank(0.1, 0.2, 0.9, 0.3), 1);
  assert.equal(rank(0.1, 0.4, 0.2, 0.3), 3);
  assert.equal(rank(1, 1, 1, 1), 4);
});

/** A program that scores item t + 1 by the id at position t. */
function echo(width: number) {
  const weights: { w: Weight } = { w: { shape: [], values: Float32Array.of(0) } };
  const ids = { dtype: 'int32', shape: [SCORED_ROWS, width] } as const;
  return Program.compile(weights, {
    lastItem: {
      inputs: { ids, labels: { dtype: 'int32', shape: [SCORED_ROWS] } },
      outputs: ({ w }, { ids, labels }) => {
        const [table, offset] = [tf.eye(width), tf.zeros([width])]; // label t is row t of the table
        return { ranks: rankInPool({ h: tf.add(tf.cast(ids, 'float32'), w), table, offset }, labels) };
      },
    },
  });
}

test('the last item is predicted from the items before it only, on a non-causal trunk from the place of [MASK]', () => {
  const sequences = [Int32Array.of(3, 2, 1), Int32Array.of(1, 3), Int32Array.of(9, 3, 1, 3)];
  const program = echo(3);
  const ranks = (direction: Direction, length: number, users: number[]) => {
    const source = { ...taskWith(3, []).source, sequences, length };
    return atOnce(lastItemRanks(program, source, { ...shapeOf(direction), items: 3 }, users));
  };
  // Scores [9 3 1], [0 3 2] and [0 0 1] of the items 1 2 3; the last items are 3, 1 and 3.
  assert.deepEqual(ranks('causal', 4, [2, 0, 1]), [3, 3, 1]);
  // [MASK] is 5: scores [3 2 5] and [0 1 5]; the last items are 1 and 3.
  assert.deepEqual(ranks('non-causal', 3, [0, 1]), [2, 1]);
  program.dispose();
});

test('popularity leaves out what a user has had, unless someone has an item twice', () => {
  const items = ['a', 'b', 'c', 'd'];
  /** Of last items after 1 and 3: 2, 4 and 1 again. */
  const ranks = (...sequences: readonly number[][]) => {
    const arrays = sequences.map((ids) => Int32Array.from(ids));
    const rankOf = popularityRanks({ items, sequences: arrays }, [0, 1]);
    return [2, 4, 1].map((last) => rankOf(Int32Array.of(1, 3, last)));
  };
  assert.deepEqual(ranks([1, 2, 3], [1, 3], [4]), [1, 2, 4]); // by −∞, 1, −∞, 0
  assert.deepEqual(ranks([1, 2, 1], [1, 3], [4]), [3, 4, 1]); // by 3, 1, 1, 0
});

const items = ['a', 'b', 'c', 'd', 'e'];
const bags = [[1, 2], [1, 2, 3], [1, 4], [5]].map((ids) => Int32Array.from(ids));

test('co-occurrence ranks by cosine: after 2 comes 1, which two users have beside it, before 3, which one has', () => {
  const asked = [1, 3, 4, 5].map((last) => Int32Array.of(2, last));
  const source = { items, sequences: [...bags, ...asked] };
  // c(2, 1) / √(2 · 3) = 0.82, c(2, 3) / √(2 · 1) = 0.71, none with 4 and 5; 2 itself was had
  assert.deepEqual(atOnce(cooccurrenceRanks(source, [0, 1, 2], [4, 5, 6, 7])), [1, 2, 4, 4]);
});

test('the log-loss of popularity is that of the frequencies among training users, each counted once more', () => {
  const found = popularityLogLosses({ items, sequences: bags }, [0, 1, 2]);
  // counts 4 3 2 2 1 of 12
  assertClose(
    found,
    [4, 3, 2, 2, 1].map((count) => Math.log(12 / count)),
    1e-12,
  );
});
