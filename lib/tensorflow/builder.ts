import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import { Graph, type Ref, shapeAttr, textAttr, typeAttr } from './graph';
import { tf } from './native';
import { Recorder } from './record';
import type { SignatureInfo, TensorInfo } from './savedModel';
import type { Forward, InputSpec, Signature, Training, Variable } from './signature';
import { leaves, type Tensors, type Tree, upload, type Weight, zeros } from './weights';

/** A variable, and the nodes through which its value is set from outside. */
export type State = Variable & {
  readonly shape: readonly number[];
  readonly assign: Ref;
  readonly assigned: Ref;
};

/** Values that every kernel accepts: nothing of them stays in the program. */
const example = ({ dtype, shape }: InputSpec) =>
  dtype === 'int32' ? tf.zeros([...shape], 'int32') : tf.ones([...shape]);

/** Records signatures over one weight tree into one graph. */
export class Builder<W> {
  readonly graph = new Graph();
  readonly states = new Map<string, State>();
  readonly initial = new Map<string, Float32Array>();
  private readonly recorder = new Recorder(this.graph);

  constructor(private readonly weights: W) {
    for (const [name, { shape, values }] of leaves<Weight>(weights as Tree<Weight>)) {
      this.variable(`weights/${name}`, shape, values);
    }
  }

  private variable(name: string, shape: readonly number[], initial: Float32Array): State {
    const { graph } = this;
    const dtype = typeAttr('float32');
    const attrs = { dtype, shape: shapeAttr(shape), shared_name: textAttr(name) };
    const handle = `${graph.add('VarHandleOp', [], attrs, name)}:0`;
    const value = `${graph.add('ReadVariableOp', [handle], { dtype }, `${name}/value`)}:0`;
    const assign = graph.placeholder(`${name}/assign`, 'float32', shape);
    // The addon may lend a JavaScript array's own memory to the fed tensor; a variable must not live in it.
    const copy = `${graph.add('DeepCopy', [assign], { T: dtype })}:0`;
    const assigned = graph.add('AssignVariableOp', [handle, copy], { dtype });
    const done = graph.add('Identity', [graph.scalar(0), `^${assigned}`], { T: dtype }, `${name}/assigned`);
    const state = { handle, value, shape, assign, assigned: `${done}:0` };
    this.states.set(name, state);
    this.initial.set(name, initial);
    return state;
  }

  /** Records one signature and returns what it takes and gives. */
  signature(name: string, signature: Signature<W>): SignatureInfo {
    const weights = upload(this.weights);
    const batch = Object.fromEntries(
      Object.entries(signature.inputs).map(([key, spec]) => [key, example(spec)]),
    );
    const inputs: Record<string, TensorInfo> = {};
    for (const [path_, tensor] of leaves<Tensor>(weights as Tree<Tensor>)) {
      this.recorder.bind(tensor, (this.states.get(`weights/${path_}`) as State).value);
    }
    for (const [key, { dtype, shape }] of Object.entries(signature.inputs)) {
      const ref = this.graph.placeholder(`${name}/${key}`, dtype, shape);
      this.recorder.bind(batch[key], ref);
      inputs[key] = { ref, dtype, shape };
    }
    try {
      const outputs =
        'loss' in signature
          ? this.train(name, signature, weights, batch)
          : this.forward(signature, weights, batch);
      return { inputs, outputs };
    } finally {
      tf.dispose([...leaves<Tensor>(weights as Tree<Tensor>).map(([, t]) => t), ...Object.values(batch)]);
    }
  }

  private info(tensor: Tensor, ref = this.recorder.ref(tensor)): TensorInfo {
    return { ref, dtype: tensor.dtype as InputSpec['dtype'], shape: tensor.shape };
  }

  private forward({ outputs }: Forward<W>, weights: Tensors<W>, batch: NamedTensorMap) {
    const tensors = this.recorder.record(() => outputs(weights, batch));
    const infos = Object.entries(tensors).map(([key, tensor]) => [key, this.info(tensor)]);
    tf.dispose(tensors);
    return Object.fromEntries(infos);
  }

  private train(name: string, signature: Training<W>, weights: Tensors<W>, batch: NamedTensorMap) {
    const { graph, recorder } = this;
    const { optimizer } = signature;
    const tuned = new Set(signature.tuned(weights).flatMap((tree) => leaves<Tensor>(tree).map(([, t]) => t)));
    const paths = leaves<Tensor>(weights as Tree<Tensor>).filter(([, tensor]) => tuned.has(tensor));
    const { value, grads } = recorder.record(() =>
      tf.engine().gradients(
        () => signature.loss(weights, batch),
        paths.map(([, tensor]) => tensor),
      ),
    );
    const unused = paths.find((_, i) => grads[i] === undefined || grads[i] === null);
    if (unused) throw new Error(`${name}: the loss does not depend on the tuned weight ${unused[0]}`);
    const scalars = Object.entries(optimizer.scalars).map(([scalar, start]) =>
      this.variable(`${name}/${optimizer.name}/${scalar}`, [], new Float32Array([start])),
    );
    const updates = paths.map(([weight, { shape }], i) => {
      const slots = optimizer.slots.map((slot) =>
        this.variable(`${name}/${optimizer.name}/${slot}/${weight}`, shape, zeros(shape).values),
      );
      const state = this.states.get(`weights/${weight}`) as State;
      return optimizer.update(graph, state, slots, scalars, recorder.ref(grads[i]));
    });
    const done = [...updates, ...optimizer.advance(graph, scalars, updates)].map((node) => `^${node}`);
    const loss = graph.add('Identity', [recorder.ref(value), ...done], { T: typeAttr('float32') });
    const outputs = { loss: this.info(value, `${loss}:0`) };
    tf.dispose([value, ...grads]);
    return outputs;
  }
}
