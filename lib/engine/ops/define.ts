/** Defines ops that tfjs lacks by raw TensorFlow ops, with a gradient for each input that needs one. */
import type { GradFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-node-gpu';
import { type Attribute, attribute, backend, once, tf } from '../native';

type Attributes = Record<string, number>;
type Inputs = Record<string, TensorInfo>;

/** Makes one differentiable op out of raw TensorFlow ops; `gradients` names the inputs that have one. */
export function define(
  kernelName: string,
  forward: (inputs: Inputs, attrs: Attributes) => Tensor | Tensor[],
  saved: { inputs: string[]; outputs: boolean[] },
  gradients: (dys: Tensor[], saved: Tensor[], attrs: Attributes) => Record<string, () => Tensor>,
) {
  const gradFunc: GradFunc = (dy, kept, attrs) =>
    gradients(Array.isArray(dy) ? dy : [dy], kept, attrs as unknown as Attributes);
  const registered = once(() => {
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs }) => forward(inputs as Inputs, attrs as unknown as Attributes),
    });
    tf.registerGradient({ kernelName, inputsToSave: saved.inputs, outputsToSave: saved.outputs, gradFunc });
    return kernelName;
  });
  return (inputs: Record<string, Tensor>, attrs: Attributes = {}) =>
    tf.engine().runKernel(registered(), inputs, attrs) as Tensor | Tensor[];
}

/** Stands for an input that is absent. */
export const absent = once(() => tf.keep(tf.tensor1d([], 'float32')));
/** Stands for an absent addend of a result that has one use: in a program a sum of the two becomes one op. */
export const nothingAdded = once(() => tf.keep(tf.tensor2d([], [0, 0], 'float32')));

export const shapeOf = (x: TensorInfo): number[] => x.shape;
export const one = (op: string, attrs: Attribute[], inputs: TensorInfo[]) =>
  backend.executeSingleOutput(op, attrs, inputs);
export const many = (op: string, attrs: Attribute[], inputs: TensorInfo[], outputs: number) =>
  backend.executeMultipleOutputs(op, attrs, inputs, outputs);

/** Inputs by name in the order of an op. */
export const pick = (given: Inputs, names: readonly string[]) => names.map((name) => given[name]);
/** The attribute that most ops call T. */
export const T = attribute.type('T');
export const intAttributes = (values: Attributes) =>
  Object.entries(values).map(([name, value]) => attribute.int(name, value));
