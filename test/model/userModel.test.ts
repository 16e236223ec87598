import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/base/random';
import { padLeft } from '../../lib/data/tasks/sequences';
import { tf } from '../../lib/engine/native';
import { leaves, mapLeaves, type Tree, upload, type Weight } from '../../lib/engine/weights';
import { freshHead } from '../../lib/model/heads';
import {
  bagShift,
  freshItemPatch,
  type ItemPatch,
  mergedItems,
  shiftOf,
} from '../../lib/model/patches/itemPatch';
import { type AnyInsertion, additionsOf, freshPatches } from '../../lib/model/patches/patches';
import { type TrunkName, trunkNames } from '../../lib/model/trunks/names';
import { encode, freshTrunk, ladder, type TrunkShape, tclId } from '../../lib/model/trunks/trunk';
import {
  type Representation,
  statesOf,
  type UserModelShape,
  userIds,
  userVector,
  withTokens,
} from '../../lib/model/userModel';
import { assertClose, bothWays, gradientsAgree, lossAndGradients } from '../engine/bothWays';
import { idsOf, insertionAt, type Model, rowsOf, shapeOf, tinyModel } from './tinyModel';

const DIRECTIONS = ['causal', 'non-causal'] as const;

test('[TCL] stands at the end of a causal sequence and at both ends of a non-causal one, right before masked items', () => {
  const rows = [Int32Array.of(1, 2, 3, 4), Int32Array.of(4)];
  const ids = (direction: TrunkName, representation?: Representation) =>
    [...userIds(rows, { shape: shapeOf(direction), representation: representation ?? 'token' }, 3)].join(' ');
  assert.equal(ids('causal'), '2 3 4 7 0 0 4 7');
  assert.equal(ids('non-causal'), '7 2 3 4 7 7 0 0 4 7');
  assert.equal(ids('non-causal', 'sum'), '2 3 4 0 0 4');
  const masked = { ...shapeOf('non-causal'), padding: 'masked' as const };
  assert.deepEqual([...withTokens(Int32Array.of(0, 0, 3, 5), { shape: masked })], [0, 0, 7, 3, 5, 7]);
  assert.deepEqual([...withTokens(Int32Array.of(3, 5), { shape: masked })], [7, 3, 5, 7]);
});

test('a causal user is the last hidden state, a non-causal one the sum of the first and the last', () => {
  for (const direction of DIRECTIONS) {
    const [shape, model] = [shapeOf(direction), upload(tinyModel(direction))];
    const ids = idsOf([7, 2, 3, 4, 7]);
    const h = rowsOf(encode(model.trunk, shape, ids));
    const sum = h[4].map((value, c) => value + h[0][c]);
    assert.deepEqual(userVector(model, { shape }, ids).dataSync(), direction === 'causal' ? h[4] : sum);
  }
});

for (const padding of ['embedded', 'masked'] as const) {
  test(`without a token a user is the sum of all hidden states, Eq. 7, or their mean without padding: ${padding} padding`, () => {
    tf.tidy(() => {
      const shape = { ...shapeOf('non-causal'), padding };
      const insertion = insertionAt('parallel');
      const model = upload(tinyModel('non-causal', insertion));
      const ids = idsOf([0, 0, 3, 5], [0, 0, 0, 0]); // the second is nobody
      const h = rowsOf(encode(model.trunk, shape, ids, additionsOf(model.patches, insertion, shape)));
      const over = (positions: number[]) =>
        [0, 1, 2, 3].map((c) => positions.reduce((total, t) => total + h[t][c], 0));
      const vector = (representation: Representation) =>
        userVector(model, { shape, insertion, representation }, ids).dataSync();
      const counted = padding === 'masked' ? [2, 3] : [0, 1, 2, 3];
      assertClose(vector('sum').slice(0, 4), over(counted), 1e-6);
      const mean = over([2, 3]).map((sum) => sum / 2);
      assertClose(vector('mean'), [...mean, 0, 0, 0, 0], 1e-6);
    });
  });
}

test('a task’s own [TCL] takes the place of the trunk’s, and of no item', () => {
  for (const direction of DIRECTIONS) {
    const { trunk, ...rest } = tinyModel(direction);
    const tcl = { shape: [4], values: Float32Array.of(1, -2, 3, -4) };
    const values = trunk.embedding.values.slice();
    values.set(tcl.values, 7 * 4);
    const replaced = { ...trunk, embedding: { ...trunk.embedding, values } };
    const vector = (model: Model) =>
      userVector(upload(model), { shape: shapeOf(direction) }, idsOf([7, 2, 3, 4, 7])).dataSync();
    const own = vector({ trunk, ...rest, tcl });
    assert.deepEqual(own, vector({ trunk: replaced, ...rest }));
    assert.notDeepEqual(own, vector({ trunk, ...rest }));
  }
});

test('patches on each trunk: a sum of states is the same at any padding; the last of all states is the last one', () => {
  for (const trunk of trunkNames)
    for (const insertion of [insertionAt('serial'), { form: 'side network', ratio: 2 } as const]) {
      const shape = { ...shapeOf(trunk), padding: 'masked' as const };
      const { head: _, ...model } = tinyModel(trunk, insertion);
      const moved = mapLeaves<Weight, Weight>(model as unknown as Tree<Weight>, ({ shape: size, values }) => {
        return { shape: size, values: values.map((value, i) => value + 0.1 * Math.sin(i + 1)) };
      }) as unknown as Model;
      const sum = (ids: Tensor) =>
        userVector(upload(moved), { shape, insertion, representation: 'sum' }, ids);
      const where = `${trunk} ${JSON.stringify(insertion)}`;
      assertClose(sum(idsOf([0, 0, 0, 1, 2, 3])).dataSync(), sum(idsOf([1, 2, 3])).dataSync(), 1e-5, where);
      const states = (count: number) =>
        rowsOf(statesOf(upload(moved), { shape, insertion }, idsOf([1, 2, 3, 4]), { stride: 1, count }));
      assertClose(states(4).at(-1) ?? [], states(1)[0], 1e-5, where);
    }
});

test('a prompt of embeddings of items is those items before the others', () => {
  for (const trunk of ['causal', 'SASRec', 'GRU'] as const) {
    const shape = { ...shapeOf(trunk), padding: 'masked' as const };
    const insertion = { form: 'prompt', length: 2 } as const;
    const model = tinyModel(trunk, insertion);
    const k = shape.channels;
    const vectors = model.trunk.embedding.values.slice(3 * k, 5 * k); // of items 3 and 4
    const [prompt] = leaves<Weight>(model.patches as unknown as Tree<Weight>);
    prompt[1].values.set(vectors);
    const of = (own: UserModelShape, ...items: number[]) =>
      userVector(upload(model), own, idsOf(userIds([Int32Array.from(items)], own, items.length)));
    assertClose(of({ shape, insertion }, 1, 2).dataSync(), of({ shape }, 3, 4, 1, 2).dataSync(), 1e-5, trunk);
  }
});

test('a patch on items shifts their embeddings, and neither [TCL] nor a vector of a prompt', () => {
  const { items } = shapeOf('SASRec');
  const { factors, basis } = freshItemPatch(shapeOf('SASRec'), 2, random(1, 'items'));
  const moved = upload({ factors: { ...factors, values: factors.values.fill(1) }, basis });
  const k = shapeOf('SASRec').channels;
  const sums = Array.from({ length: k }, (_, c) => basis.values[c] + basis.values[k + c]);
  const ids = idsOf([items, tclId(shapeOf('SASRec')), factors.shape[0] + 1]);
  const expected = [...sums, ...Array(2 * k).fill(0)];
  assertClose(shiftOf(moved, ids, items).dataSync(), expected, 1e-6);
  const table = { shape: [factors.shape[0], k], values: new Float32Array(factors.shape[0] * k) };
  const merged = mergedItems(table, { factors, basis }, items).values;
  assertClose(merged.slice(items * k, (items + 2) * k), expected.slice(0, 2 * k), 1e-6);
});

/** Factors of padding, items 1 to 6 and [TCL], of rank 2, and a basis of two channels. */
const bag: ItemPatch<Weight> = {
  factors: { shape: [8, 2], values: Float32Array.from([9, 9, 1, 2, 3, 4, 5, 6, 1, 1, 0, 2, 2, 0, 7, 7]) },
  basis: { shape: [2, 2], values: Float32Array.from([1, 2, 0, 1]) },
};

test('past the trunk stands Σ a B / √n over the items alone, by hand; fresh it changes nothing', () => {
  const ids = idsOf([0, 1, 2, 3, 3, 7], [0, 0, 0, 0, 0, 7]);
  // Σ a = [14, 18] of four items, divided by 2 [7, 9]; times B [7, 23]
  assertClose(bagShift(upload(bag), ids, 6).dataSync(), [7, 23, 0, 0], 1e-6);
  for (const trunk of trunkNames) {
    const shape = shapeOf(trunk);
    const past = freshItemPatch(shape, 2, random(1, 'past'));
    const [row] = [userIds([Int32Array.of(1, 2, 3)], { shape }, 4)];
    const vector = (model: Model) => userVector(upload(model), { shape }, idsOf(row)).dataSync();
    assert.deepEqual(vector({ ...tinyModel(trunk), past }), vector(tinyModel(trunk)));
  }
});

gradientsAgree('a patch past the trunk', bag, (own) => {
  const weights = tf.tensor2d([
    [1, -2],
    [0.5, 3],
  ]);
  const ids = idsOf([0, 1, 2, 3, 3, 7], [4, 5, 0, 0, 0, 7]);
  return tf.sum(tf.mul(tf.sin(tf.mul(bagShift(own, ids, 6), 0.1)), weights));
});

test('a prompt beside a patch on items, and SASRec of one block', () => {
  const ids = (model: UserModelShape) => idsOf(userIds([Int32Array.of(1, 2, 3)], model, 3));
  const insertion = { form: 'prompt', length: 2 } as const;
  const shape = { ...shapeOf('SASRec'), blocks: 1, padding: 'masked' } as TrunkShape;
  const trunk = freshTrunk(shape, random(1, 'one block'));
  const patches = freshPatches({ trunk, shape }, insertion, random(1, 'prompt'));
  const items = freshItemPatch(shape, 2, random(1, 'items'));
  const model = upload({ trunk, patches, items, head: freshHead(2, 4, random(1, 'head')) });
  assert.equal(userVector(model, { shape, insertion }, ids({ shape, insertion })).shape[1], 4);
  const plain = ids({ shape });
  const [, top] = ladder(model.trunk, shape, plain);
  assert.deepEqual(rowsOf(encode(model.trunk, shape, plain)), rowsOf(top));
});

test('a prompt stands before the items, and no further away than the last state reads', () => {
  const idsWith = (trunk: TrunkName, n: number, padding: 'masked' | 'embedded' = 'masked') => {
    const model = {
      shape: { ...shapeOf(trunk), padding },
      insertion: { form: 'prompt', length: 2 },
    } as const;
    const items = Int32Array.from({ length: n }, (_, i) => 1 + (i % 6));
    return [...userIds([items], model, Math.max(n, 4))];
  };
  assert.deepEqual(idsWith('SASRec', 3), [0, 9, 10, 1, 2, 3, 7]);
  assert.deepEqual(idsWith('non-causal', 3), [0, 7, 9, 10, 1, 2, 3, 7]);
  assert.deepEqual(idsWith('causal', 3, 'embedded'), [9, 10, 0, 1, 2, 3, 7]);
  // Kernel 3 and dilations 1, 2, 2, 4 read 19 positions: 16 items, two of the prompt and [TCL].
  const long = idsWith('causal', 20);
  assert.deepEqual([long.indexOf(9), long.length - long.indexOf(9)], [4, 19]);
});

/** h of one user of four items at several lengths of the sequence, and its gradients. */
function paddedTo(length: number, shape: TrunkShape, insertion?: AnyInsertion) {
  const ids = withTokens(padLeft(Int32Array.of(3, 5, 1, 2), length), { shape, insertion });
  const { inputs, outputs } = lossAndGradients<Model>(
    (model, batch) => tf.sum(tf.square(userVector(model, { shape, insertion }, batch.ids))),
    { ids: { dtype: 'int32', shape: [1, ids.length] } },
  );
  const [[, eager]] = bothWays;
  const both: typeof outputs = (model, batch) => {
    const { head: _, ...rest } = model;
    return { ...outputs(rest as typeof model, batch), h: userVector(model, { shape, insertion }, batch.ids) };
  };
  return eager(tinyModel(shape.trunk, insertion), { inputs, outputs: both }, { ids });
}

for (const direction of trunkNames) {
  const prompt = { form: 'prompt', length: 2 } as const;
  const side = { form: 'side network', ratio: 2 } as const;
  for (const insertion of [
    undefined,
    insertionAt('serial'),
    insertionAt('parallel after activation'),
    prompt,
    side,
  ]) {
    test(`masked: a short history gives the same numbers at any padding, ${direction}, ${JSON.stringify(insertion)}`, () => {
      const shape = { ...shapeOf(direction), padding: 'masked' as const };
      const short = paddedTo(4, shape, insertion);
      // Where a sequence is cut into pairs of rows depends on its length, and the last digits on that.
      for (const length of [10, 20, 40]) {
        const found = paddedTo(length, shape, insertion);
        for (const [key, values] of Object.entries(short)) {
          // A norm makes a prompt's vectors, which are small, fifty times as large, and their rounding.
          assertClose(found[key], [...values], insertion === prompt ? 5e-5 : 5e-6, `${key} at ${length}`);
        }
      }
    });
  }
}

for (const direction of DIRECTIONS) {
  test(`embedded: the padding of a short history is seen, as in the authors’ code, ${direction}`, () => {
    const [ten, twenty] = [10, 20].map((length) => paddedTo(length, shapeOf(direction)).h);
    assert.ok(ten.some((value, i) => Math.abs(value - twenty[i]) > 1e-3));
  });
}

test('masked: every position of the padding is zero', () => {
  for (const trunk of trunkNames) {
    const shape = { ...shapeOf(trunk), padding: 'masked' as const };
    const h = rowsOf(encode(upload(tinyModel(trunk)).trunk, shape, idsOf([0, 0, 4, 7])));
    const isZero = h.map((row) => row.every((value) => value === 0));
    assert.deepEqual(isZero, [true, true, false, false], trunk);
  }
});
