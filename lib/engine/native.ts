import './threads'; // before TensorFlow, which makes its threads when it is loaded
import * as tf from '@tensorflow/tfjs-node-gpu';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { threads } from './threads';

/** The one TensorFlow of this process: native kernels, loaded in process. */
export { tf };

export const backend = tf.backend() as unknown as NodeJSKernelBackend;
const { binding } = backend;

/** Where the kernels run: "cpu" or "gpu". */
export const device = binding.isUsingGpuDevice() ? 'gpu' : 'cpu';
process.env.PETERREC_DEVICE = device; // for kernels/session.cc

export { threads };

/** An attribute of a TensorFlow op, as the addon takes it. */
export type Attribute = TFEOpAttr;

/** Writes the attributes of a raw op; TensorFlow's op definitions name them and their types. */
export const attribute = {
  type: (name: string, dtype: 'float32' | 'int32' = 'float32'): Attribute => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: dtype === 'float32' ? binding.TF_FLOAT : binding.TF_INT32,
  }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
  float: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
  flag: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  text: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
};
