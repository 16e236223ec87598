/** Patches that stand for other kernels: against peft, merged into their trunk, and started where they change nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import { pointwise } from '../../../lib/engine/ops/convolution';
import { mapLeaves, normal, type Tensors, type Tree, upload, type Weight } from '../../../lib/engine/weights';
import type { BlockPatches } from '../../../lib/model/patches/form';
import {
  type AnyInsertion,
  additionsOf,
  asideOf,
  examples,
  freshPatches,
  isMergeable,
  mergedInto,
} from '../../../lib/model/patches/patches';
import { trunkNames } from '../../../lib/model/trunks/names';
import { encode, type TrunkWeights } from '../../../lib/model/trunks/trunk';
import { userVector } from '../../../lib/model/userModel';
import { assertClose, bothWays, lossAndGradients } from '../../engine/bothWays';
import { golden } from '../../golden/golden';
import { idsOf, insertionAt, shapeOf, tinyModel } from '../tinyModel';

type Case = {
  readonly [name in 'x' | 'cotangent' | 'kernel' | 'bias' | 'y']: Weight;
} & { readonly [tree in 'patch' | 'gradients']: Readonly<Record<string, Weight>> };
const { rank, alpha, cases } = golden<{
  readonly rank: number;
  readonly alpha: number;
  readonly cases: Readonly<Record<string, Case>>;
}>('peftForms');

/** Forms that can be merged into their trunk. */
const insertions = examples.filter(({ form }) => form && isMergeable(form));

/** The site of attention at which (IA)³ scales what comes of a product, and that where it scales what is read. */
const SITES: Readonly<Record<string, string>> = { '(IA)³ of what is read': 'outer' };

for (const [name, { x, cotangent, kernel, bias, y, patch, gradients }] of Object.entries(cases)) {
  const site = SITES[name] ?? 'key';
  const insertion = {
    ...(insertions.find(({ form }) => form && name.startsWith(form)) as AnyInsertion),
    ...{ rank, alpha },
  };
  /** The product of peft's layer at a site of ours. */
  const product = (own: Tensors<typeof patch>) => {
    const [input, K, b] = [x, kernel, bias].map((weight) => upload(weight));
    const given = tf.expandDims(input, 0); // [1, rows, k]
    const of = (other: Tensor, offset: Tensor = tf.zeros([other.shape[1] as number])) =>
      pointwise(given, other, offset);
    const same = (value: Tensor) => value;
    const { graft } = additionsOf([{ [site]: own }], insertion, shapeOf('SASRec'));
    return graft?.({
      ...{ block: 0, name: site, isLinear: true, z: given, psi: of(K, b) },
      ...{ kernel: K, bias: b, product: of, plus: same, finish: same },
    }) as Tensor;
  };
  for (const [mode, run] of bothWays)
    test(`${name} gives peft’s outputs and gradients, ${mode}`, () => {
      const { inputs, outputs } = lossAndGradients<typeof patch>((own) =>
        tf.sum(tf.mul(product(own), tf.expandDims(upload(cotangent), 0))),
      );
      const found = run(patch, {
        inputs,
        outputs: (own, batch) => ({ ...outputs(own, batch), y: product(own) }),
      });
      assertClose(found.y, y.values, 1e-6, 'y');
      for (const [at, { values }] of Object.entries(gradients)) assertClose(found[at], values, 1e-6, at);
    });
}

const IDS = [1, 2, 3, 4, 5, 6, 1, 2];
for (const trunk of trunkNames)
  for (const insertion of insertions)
    test(`${insertion.form} on ${trunk}: fresh it changes nothing, and what can be merged gives the same`, () => {
      const shape = { ...shapeOf(trunk), padding: 'masked' as const };
      const stream = random(2, 'forms');
      const moved = <W>(tree: W): W =>
        mapLeaves<Weight, Weight>(tree as Tree<Weight>, ({ shape, values }) => {
          const by = normal(shape, 0.3, stream).values;
          return { shape, values: values.map((value, i) => value + by[i]) };
        }) as W;
      const weights = moved(tinyModel(trunk).trunk);
      const fresh = freshPatches({ trunk: weights, shape }, insertion, random(1, 'forms'));
      const other = moved(fresh);
      tf.tidy(() => {
        const own = upload(weights);
        const ids = idsOf(IDS);
        const with_ = (patches: BlockPatches<Weight>[]) =>
          encode(own, shape, ids, additionsOf(upload(patches), insertion, shape)).dataSync();
        const plain = encode(own, shape, ids).dataSync();
        assertClose(with_(fresh), plain, 1e-6);
        const expected = with_(other);
        assert.ok(expected.some((value, i) => Math.abs(value - plain[i]) > 1e-3));
        const merged = mergedInto({ trunk: weights, shape }, other, insertion);
        assertClose(encode(upload(merged as TrunkWeights<Weight>), shape, ids).dataSync(), expected, 1e-5);
      });
    });

const square = (value: number) => tf.tensor2d([value], [1, 1]);

test('a side network of one channel and one block, by hand', () => {
  const rung = { down: square(2), offset: tf.tensor1d([-1]), mixed: square(2), bias: tf.tensor1d([-3]) };
  const patches = [
    { start: { down: square(1.5), offset: tf.tensor1d([0.5]) } }, // s = 3.5
    { rung: { ...rung, gate: tf.tensor1d([0.1 * Math.log(3)]) } }, // μ = ¾; m = 3.875; s = 3.875 + 4.75
    { top: { up: square(2), shift: tf.tensor1d([1]) } },
  ];
  const states = [2, 3].map((h) => tf.expandDims(square(h), 0));
  const aside = asideOf({ form: 'side network', ratio: 1 });
  assert.ok(aside);
  assertClose(aside(states, patches as never).dataSync(), [3 + 2 * 8.625 + 1], 1e-6);
});

test('a scalar mix of two blocks adds the embeddings and the first block’s states by a gate each, by hand', () => {
  const aside = asideOf({ form: 'scalar mix' });
  const states = [2, 3, 5].map((h) => tf.expandDims(square(h), 0));
  const mixed = aside?.(states, [{ mix: { gates: tf.tensor1d([0.5, -2]) } }]);
  assertClose(mixed?.dataSync() ?? [], [5 + 0.5 * 2 - 2 * 3], 1e-6);
});

test('fused patches are a mean weighted by attention, by hand', () => {
  const base = { ...insertionAt('serial'), shortcut: 'without' as const };
  const linear = (weight: number, bias: number) => ({ weight: square(weight), bias: tf.tensor1d([bias]) });
  const own = { query: linear(0, Math.log(3)), key: linear(1, 0), value: { weight: square(2) } };
  const giving = (value: number) => [{ first: { down: linear(0, 0), up: linear(0, value) } }];
  const { graft } = additionsOf([{ first: own }], { form: 'fusion', base }, shapeOf('causal'), [
    giving(1),
    giving(0),
  ] as never);
  const z = tf.expandDims(square(5), 0);
  const same = (value: Tensor) => value;
  const given = graft?.({
    ...{ block: 0, name: 'first', isLinear: true, z, psi: z, kernel: square(1), bias: tf.tensor1d([0]) },
    ...{ product: () => z, plus: same, finish: same },
  }) as Tensor;
  assertClose(given.dataSync(), [2 * (3 / 4)], 1e-6); // softmax(ln 3 · 1, ln 3 · 0) = ¾, ¼
});

test('a fresh side network gives the trunk’s states, and nothing at padding', () => {
  for (const trunk of trunkNames) {
    const insertion = { form: 'side network', ratio: 2 } as const;
    const shape = { ...shapeOf(trunk), padding: 'masked' as const };
    const { head: _, ...model } = tinyModel(trunk, insertion);
    const ids = idsOf([0, 0, ...IDS]);
    for (const representation of ['sum', 'mean'] as const) {
      const vector = (own?: AnyInsertion) =>
        userVector(upload(model) as never, { shape, insertion: own, representation }, ids).dataSync();
      assertClose(vector(insertion), vector(), 1e-5, `${trunk} ${representation}`);
    }
  }
});
