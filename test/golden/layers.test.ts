import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';
import { gelu } from '../../lib/engine/ops/activations';
import { type Direction, dilatedConv } from '../../lib/engine/ops/convolution';
import { layerNorm } from '../../lib/engine/ops/normalisation';
import { leaves, type Tensors, type Tree, type Weight } from '../../lib/engine/weights';
import { bottleneck, type Insertion } from '../../lib/model/patches/bottleneck';
import type { BlockPatches } from '../../lib/model/patches/form';
import { type Eq9, patch } from '../../lib/model/patches/patch';
import { type BlockWeights, block } from '../../lib/model/trunks/dilatedCnn';
import { assertClose, bothWays, lossAndGradients } from '../engine/bothWays';
import { insertionAt, shapeOf as tinyShape } from '../model/tinyModel';
import { golden } from './golden';

type OpCase<W> = {
  readonly case: string;
  readonly weights: W & { readonly input: Weight };
  readonly cotangent: Weight;
  readonly output: Weight;
  readonly gradients: unknown;
};
type Dilated = { readonly dilation: number; readonly direction: Direction };

/** Float32 noise that the authors' own graph shows against its float64 twin, with a margin of two. */
const OUTPUT = 2.5e-6;
const GRADIENT = 7e-6;

/** Compares y and the gradients of Σ y · cotangent with the authors', eager and compiled. */
function agrees<W>(
  { case: name, weights, cotangent, output, gradients }: OpCase<W>,
  y: (w: Tensors<W & { input: Weight }>) => Tensor,
): void {
  const objective = lossAndGradients<W & { input: Weight }>((w) =>
    tf.sum(tf.mul(y(w), tf.tensor(cotangent.values, [...cotangent.shape]))),
  );
  const outputs: typeof objective.outputs = (w, batch) => ({ ...objective.outputs(w, batch), output: y(w) });
  for (const [mode, run] of bothWays) {
    test(`${name} gives the authors' outputs and gradients, ${mode}`, () => {
      const found = run(weights, { inputs: {}, outputs });
      assertClose(found.output, output.values, OUTPUT, 'output');
      for (const [at, { values }] of leaves<Weight>(gradients as Tree<Weight>)) {
        assertClose(found[at], values, GRADIENT, `gradient of ${at}`);
      }
    });
  }
}

type Conv = { readonly kernel: Weight; readonly bias: Weight };
for (const one of golden<(OpCase<Conv> & Dilated)[]>('conv')) {
  agrees(one, ({ input, kernel, bias }) => dilatedConv(input, { kernel, bias }, one.dilation, one.direction));
}

type Layers = {
  readonly layerNorm: OpCase<{ readonly gain: Weight; readonly shift: Weight }>[];
  readonly gelu: OpCase<unknown>[];
  readonly patch: OpCase<{ readonly patch: Eq9<Weight> }>[];
};
const layers = golden<Layers>('layers');
for (const one of layers.layerNorm)
  agrees(one, ({ input, gain, shift }) => layerNorm(input, { gain, shift }));
for (const one of layers.gelu) agrees(one, ({ input }) => gelu(input));
for (const one of layers.patch) agrees(one, (w) => patch(w.input, w.patch, 'gelu'));

type Block = { readonly block: BlockWeights<Weight>; readonly patches?: BlockPatches<Weight> };
type BlockCase = OpCase<Block> &
  Dilated & { readonly insertion: Pick<Insertion, 'place' | 'perBlock'> | null };
for (const one of golden<BlockCase[]>('blocks')) {
  const insertion: Insertion = { ...insertionAt('serial'), activation: 'gelu', ...one.insertion };
  agrees(one, (w) => {
    const patches = (w as { patches?: BlockPatches<Tensor> }).patches;
    const { dilation, direction } = one;
    return block(w.input, w.block, {
      dilation,
      direction,
      ...(patches ? bottleneck.additions([patches], insertion, tinyShape('causal')) : {}),
    });
  });
}
