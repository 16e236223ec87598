import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../base/userError';
import { Graph, type Ref, typeAttr } from '../graph/graph';
import { Recorder } from '../graph/record';
import type { InputSpec, Signature, Training } from '../graph/signature';
import { declare, type State } from '../graph/state';
import { type Tuned, Updates } from '../graph/updates';
import { tf } from '../native';
import { leaves, leavesIn, mapLeaves, type Tensors, type Tree, type Weight } from '../weights';
import type { SignatureInfo, TensorInfo } from './savedModel';

/** A loss that what is tuned cannot lower; `why` is the message without the signature. */
export class NoGradient extends UserError {
  constructor(
    signature: string,
    readonly why: string,
    cause?: unknown,
  ) {
    super(`${signature}: ${why}`, { cause });
  }
}

const EXPECTED = 'expected all that is tuned to take part';

/** The value of a loss and its gradients by some tensors. Throws NoGradient where tfjs finds none. */
function gradientsOf(signature: string, loss: () => Scalar, by: Tensor[]) {
  try {
    return tf.engine().gradients(loss, by);
  } catch (error) {
    const { message } = error as Error;
    const [, op] = /^Cannot compute gradient: gradient function not found for (\w+)/.exec(message) ?? [];
    if (op) throw new NoGradient(signature, `${op} has no gradient; expected only ops that have one`, error);
    if (!/^Cannot compute gradient/.test(message)) throw error;
    throw new NoGradient(signature, `the loss does not depend on what is tuned; ${EXPECTED}`, error);
  }
}

/** Adds a placeholder `prefix` + name for each input, and the tensor that stands for it. The caller disposes the tensors. */
export function placeholders(
  graph: Graph,
  recorder: Recorder,
  specs: Readonly<Record<string, InputSpec>>,
  prefix = '',
): { readonly inputs: Record<string, TensorInfo>; readonly batch: NamedTensorMap } {
  const inputs: Record<string, TensorInfo> = {};
  const batch: NamedTensorMap = {};
  for (const [key, { dtype, shape }] of Object.entries(specs)) {
    inputs[key] = { ref: graph.placeholder(`${prefix}${key}`, dtype, shape), dtype, shape };
    batch[key] = recorder.input(inputs[key], inputs[key].ref);
  }
  return { inputs, batch };
}

const infoOf = ({ dtype, shape }: Tensor, ref: Ref): TensorInfo => ({
  ref,
  dtype: dtype as InputSpec['dtype'],
  shape,
});

/** Records a forward function and returns what it gives. */
export function recordOutputs(recorder: Recorder, outputs: () => NamedTensorMap): Record<string, TensorInfo> {
  const tensors = recorder.record(outputs);
  const infos = Object.entries(tensors).map(([key, tensor]) => [key, infoOf(tensor, recorder.ref(tensor))]);
  tf.dispose(tensors);
  return Object.fromEntries(infos);
}

/** Records signatures over one weight tree into one graph. */
export class Builder<W> {
  readonly graph = new Graph();
  readonly states = new Map<string, State>();
  private readonly recorder = new Recorder(this.graph);
  private readonly updates = new Updates(this.graph, this.states);

  constructor(private readonly weights: W) {
    for (const [path, { shape }] of leaves<Weight>(weights as Tree<Weight>)) {
      this.states.set(`weights/${path}`, declare(this.graph, `weights/${path}`, shape));
    }
  }

  private weight(path: string): State {
    return this.states.get(`weights/${path}`) as State;
  }

  /** Records one signature and returns what it takes and gives. */
  signature(name: string, signature: Signature<W>): SignatureInfo {
    const { inputs, batch } = placeholders(this.graph, this.recorder, signature.inputs, `${name}/`);
    const weights = mapLeaves<Weight, Tensor>(this.weights as Tree<Weight>, ({ shape }, path) =>
      this.recorder.variable(this.weight(path), shape),
    ) as unknown as Tensors<W>;
    try {
      const outputs =
        'loss' in signature
          ? this.train(name, signature, weights, batch)
          : recordOutputs(this.recorder, () => signature.outputs(weights, batch));
      return { inputs, outputs };
    } finally {
      tf.dispose([...leavesIn<Tensor>(weights as Tree<Tensor>), ...Object.values(batch)]);
    }
  }

  private train(name: string, signature: Training<W>, weights: Tensors<W>, batch: NamedTensorMap) {
    const { graph, recorder } = this;
    const chosen = leavesIn<Tensor>(signature.tuned(weights));
    const byRows = leavesIn<Tensor>(signature.rows?.tables(weights) ?? []);
    const selected = leaves<Tensor>(weights as Tree<Tensor>).filter(([, tensor]) => chosen.has(tensor));
    const by = selected.map(([, tensor]) => tensor);
    const loss = () => signature.loss(weights, batch);
    const { value, grads } = recorder.record(() => gradientsOf(name, loss, by));
    const tuned = selected.map(([path, tensor], i): Tuned => {
      if (!grads[i])
        throw new NoGradient(name, `the loss does not depend on the tuned weight ${path}; ${EXPECTED}`);
      const gradient = recorder.ref(grads[i]);
      return { path, byRows: byRows.has(tensor), weight: this.weight(path), gradient };
    });
    const lost = recorder.ref(value);
    const done = this.updates.add(name, lost, tuned, signature.optimizer, signature.rows?.optimizer);
    const stepped = graph.add('Identity', [lost, ...done], { T: typeAttr('float32') });
    tf.dispose([value, ...grads]);
    return { loss: infoOf(value, `${stepped}:0`) };
  }
}
