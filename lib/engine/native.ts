import './threads'; // before TensorFlow, which makes its threads when it is loaded
import type * as TensorFlow from '@tensorflow/tfjs-node-gpu';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { threads } from './threads';

export { threads };

let loaded: typeof TensorFlow | undefined;

/** Loads TensorFlow into this process, once. */
function load(): typeof TensorFlow {
  if (loaded) return loaded;
  loaded = require('@tensorflow/tfjs-node-gpu') as typeof TensorFlow;
  process.env.PETERREC_DEVICE = device(); // for kernels/session.cc
  return loaded;
}

/** The value of the first call, at every call. */
export function once<T extends object | string | boolean>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Stands for an object that is made when a property is first read or set. */
const lazily = <T extends object>(made: () => T): T =>
  new Proxy({} as T, {
    get: (_, name) => Reflect.get(made(), name),
    set: (_, name, value) => Reflect.set(made(), name, value),
  });

/** The one TensorFlow of this process: native kernels, loaded in process at the first use. */
export const tf = lazily(load);
/** Its types, for cells and files that import `tf` alone. */
export declare namespace tf {
  type Tensor<R extends TensorFlow.Rank = TensorFlow.Rank> = TensorFlow.Tensor<R>;
  type Scalar = TensorFlow.Scalar;
  type Tensor1D = TensorFlow.Tensor1D;
  type Tensor2D = TensorFlow.Tensor2D;
  type Tensor3D = TensorFlow.Tensor3D;
  type Tensor4D = TensorFlow.Tensor4D;
}

export const backend = lazily(() => load().backend() as unknown as NodeJSKernelBackend);

/** Where the kernels run. */
export const device = (): 'cpu' | 'gpu' => (backend.binding.isUsingGpuDevice() ? 'gpu' : 'cpu');

/** Whether a value is a tensor; does not load TensorFlow. */
export const isTensor = (value: unknown): value is TensorFlow.Tensor =>
  loaded !== undefined && value instanceof loaded.Tensor;

/** An attribute of a TensorFlow op, as the addon takes it. */
export type Attribute = TFEOpAttr;

/** Kinds of attributes, as TensorFlow's c_api.h numbers them. */
export const ATTRIBUTE = { text: 0, int: 1, float: 2, flag: 3, type: 4 } as const;
/** Types of tensors, as TensorFlow's types.proto numbers them. */
export const DTYPE = { float32: 1, int32: 3, string: 7, bool: 10 } as const;

/** Writes the attributes of a raw op; TensorFlow's op definitions name them and their types. */
export const attribute = {
  type: (name: string, dtype: 'float32' | 'int32' = 'float32'): Attribute => ({
    name,
    type: ATTRIBUTE.type,
    value: DTYPE[dtype],
  }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: ATTRIBUTE.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.float, value }),
  flag: (name: string, value: boolean): Attribute => ({ name, type: ATTRIBUTE.flag, value }),
  text: (name: string, value: string): Attribute => ({ name, type: ATTRIBUTE.text, value }),
};
