import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { tf } from '../../lib/engine/native';
import { leaves, leavesIn, mapLeaves, type Tree, upload, type Weight } from '../../lib/engine/weights';
import { type AnyInsertion, additionsOf } from '../../lib/model/patches/patches';
import type { CnnWeights } from '../../lib/model/trunks/dilatedCnn';
import { isCausal, type TrunkName, trunkNames } from '../../lib/model/trunks/names';
import { droppedLayers, encode, freshTrunk, layersOf } from '../../lib/model/trunks/trunk';
import { assertClose } from '../engine/bothWays';
import { idsOf, insertionAt, rowsOf, shapeOf, tinyModel } from './tinyModel';

/** Hidden states of one sequence, by position. */
function hidden(direction: TrunkName, ids: readonly number[], insertion?: AnyInsertion): Float32Array[] {
  return tf.tidy(() => {
    const { trunk, patches } = upload(tinyModel(direction, insertion));
    const shape = shapeOf(direction);
    const parts = insertion && additionsOf(patches, insertion, shape);
    return rowsOf(encode(trunk, shape, idsOf(ids), parts));
  });
}

const IDS = [1, 2, 3, 4, 5, 6, 1, 2];
/** The ids with another item at position t. */
const changedAt = (t: number) => IDS.map((id, i) => (i === t ? (id % 6) + 1 : id));

test('position t of a causal trunk never sees item t + 1, with patches or without; of a non-causal one it does', () => {
  for (const trunk of trunkNames)
    for (const insertion of [undefined, insertionAt('serial'), insertionAt('parallel')]) {
      const before = hidden(trunk, IDS, insertion);
      for (let t = 0; t + 1 < IDS.length; t++) {
        const after = hidden(trunk, changedAt(t + 1), insertion);
        const where = `${trunk}, ${insertion?.place}`;
        if (isCausal({ trunk })) assert.deepEqual(after.slice(0, t + 1), before.slice(0, t + 1), where);
        else assert.notDeepEqual(after[t], before[t], where);
        assert.notDeepEqual(after[t + 1], before[t + 1], where);
      }
    }
});

test('layers hold every weight but the embedding once; biases and norms are among them', () => {
  for (const trunk of trunkNames) {
    const { embedding, ...parts } = tinyModel(trunk).trunk;
    const layers = layersOf({ embedding, ...parts }, { trunk });
    const held = layers.flatMap(({ all }) => [...leavesIn<Weight>(all)]);
    const rest = [...leavesIn<Weight>(parts)].filter((leaf) => !held.includes(leaf));
    assert.deepEqual(rest, trunk.includes('SASRec') ? [(parts as { positions?: Weight }).positions] : []);
    assert.equal(new Set(held).size, held.length);
    for (const { biases, norms } of layers)
      assert.ok(
        [...biases, ...norms].every((leaf) => held.includes(leaf)),
        trunk,
      );
  }
});

/** Kernel 3 with dilations 1, 2, 2, 4 looks back 2 · (1 + 2 + 2 + 4) = 18 positions. */
test('a causal trunk sees as far back as its dilations add up to', () => {
  const ids = Array.from({ length: 20 }, (_, i) => 1 + (i % 6));
  const last = (changed: number) =>
    hidden(
      'causal',
      ids.map((id, t) => (t === changed ? ((id + 1) % 6) + 1 : id)),
    )[19];
  const before = hidden('causal', ids)[19];
  assert.notDeepEqual(last(1), before);
  assert.deepEqual(last(0), before);
});

test('no kernel of a fresh trunk is a copy, as in the authors’ code', () => {
  const { blocks } = freshTrunk(shapeOf('causal'), random(1, 'trunk')) as CnnWeights<Weight>;
  const kernels = blocks.flatMap(({ first, second }) => [first.kernel, second.kernel]);
  assert.equal(new Set(kernels.map(({ values }) => values.join())).size, 4);
});

test('fresh weights are truncated normal of deviation 0.02; biases start at 0, gains at 1', () => {
  const trunk = freshTrunk({ ...shapeOf('causal'), items: 1000 }, random(1, 'trunk'));
  const limit = Math.fround(0.04);
  for (const [path, { values }] of leaves<Weight>(trunk as Tree<Weight>)) {
    if (/bias|shift/.test(path)) assert.ok(values.every((value) => value === 0));
    else if (/gain/.test(path)) assert.ok(values.every((value) => value === 1));
    else assert.ok(values.every((value) => Math.abs(value) <= limit && value !== 0));
  }
  const { values } = trunk.embedding;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  // A normal distribution cut off at two deviations keeps 0.8796 of its deviation.
  assert.ok(Math.abs(deviation - 0.8796 * 0.02) < 0.0005, `${deviation}`);
});

test('dropout of a layer of SASRec takes what the layer adds, and nothing else', () => {
  const shape = shapeOf('SASRec');
  const trunk = tinyModel('SASRec').trunk as unknown as Tree<Weight>;
  const ids = idsOf(IDS);
  const size = [1, IDS.length, shape.channels];
  const [zeros, ones] = [tf.zeros(size), tf.ones(size)];
  const states = (weights: Tree<Weight>, dropped?: number) => {
    const masks = Array.from({ length: droppedLayers(shape) }, (_, layer) =>
      layer === dropped ? zeros : ones,
    );
    const layerMasks = dropped === undefined ? undefined : tf.stack(masks);
    return encode(upload(weights as never) as never, shape, ids, { layerMasks }).dataSync();
  };
  for (let layer = 0; layer < droppedLayers(shape); layer++) {
    const end = `${Math.floor(layer / 2)}/${['output', 'outer'][layer % 2]}/`;
    const without = mapLeaves<Weight, Weight>(trunk, (weight, at) =>
      at.includes(end) ? { ...weight, values: weight.values.map(() => 0) } : weight,
    );
    assert.notDeepEqual(states(without), states(trunk));
    assertClose(states(trunk, layer), states(without), 1e-5, end);
  }
});
