/** A trunk in the authors' format, made up: TensorFlow's own SaveV2 under their variable names. */
import path from 'node:path';
import { random } from '../../../lib/base/random';
import { Graph, typeAttr } from '../../../lib/engine/graph/graph';
import { backend, DTYPE } from '../../../lib/engine/native';
import { call, open } from '../../../lib/engine/program/session';
import { normal, type Weight } from '../../../lib/engine/weights';
import type { CnnWeights, LayerWeights } from '../../../lib/model/trunks/dilatedCnn';
import { freshTrunk, type TrunkShape, type TrunkWeights } from '../../../lib/model/trunks/trunk';
import { folderWith } from '../../data/folders';

export const madeUpShape = {
  trunk: 'causal',
  items: 10,
  channels: 8,
  kernel: 3,
  dilations: [1, 4, 1],
  padding: 'embedded',
} as const satisfies TrunkShape;

/** Every weight drawn, so that none can be mistaken for another. */
export function madeUpTrunk(): TrunkWeights<Weight> {
  const stream = random(1, 'made-up trunk');
  const { embedding, blocks } = freshTrunk(madeUpShape, stream) as CnnWeights<Weight>;
  const k = madeUpShape.channels;
  const drawn = ({ kernel }: LayerWeights<Weight>) => ({
    kernel,
    bias: normal([k], 1, stream),
    gain: normal([k], 1, stream),
    shift: normal([k], 1, stream),
  });
  return {
    embedding,
    blocks: blocks.map(({ first, second }) => ({ first: drawn(first), second: drawn(second) })),
  };
}

/** A trunk as the authors' variables, with what else they save. */
export function authorsVariables(trunk: TrunkWeights<Weight>): Map<string, Weight> {
  const layer = (scope: string, at: 1 | 2, { kernel, bias, gain, shift }: LayerWeights<Weight>) =>
    [
      [`${scope}/dilated_conv${at}/weight`, { ...kernel, shape: [1, ...kernel.shape] }],
      [`${scope}/dilated_conv${at}/bias`, bias],
      [`${scope}/layer_norm${at}/gamma`, gain],
      [`${scope}/layer_norm${at}/beta`, shift],
      [`${scope}/layer_norm${at}/beta/Adam_1`, shift],
    ] as const;
  const blocks = (trunk as CnnWeights<Weight>).blocks.flatMap(({ first, second }, i) => {
    const scope = `nextitnet_residual_blockdecoder_layer_${i}_${madeUpShape.dilations[i]}`;
    return [...layer(scope, 1, first), ...layer(scope, 2, second)];
  });
  const scalar = { shape: [], values: Float32Array.of(0.9) };
  return new Map<string, Weight>([
    ['allitem_embeddings', trunk.embedding],
    ['beta1_power', scalar],
    ['softmax_b', scalar],
    ...blocks,
  ]);
}

/** Writes variables as a TensorFlow checkpoint in a folder of its own and returns its prefix. */
export function saveCheckpoint(variables: ReadonlyMap<string, Weight>): string {
  const prefix = path.join(folderWith({}), 'model.ckpt');
  const graph = new Graph();
  const names = [...variables.keys()];
  const values = [...variables.values()].map(({ shape, values }) =>
    graph.constant('float32', shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  const dtypes = { list: { type: names.map(() => DTYPE.float32) } };
  const named = [graph.texts([prefix], []), graph.texts(names), graph.texts(names.map(() => ''))];
  const saved = graph.add('SaveV2', [...named, ...values], { dtypes });
  const done = graph.add('Identity', [graph.scalar(0), `^${saved}`], { T: typeAttr('float32') });
  const session = open([...graph.nodes.values()]);
  call(session, [], [`${done}:0`]);
  backend.deleteSavedModel(session);
  return prefix;
}
