import { backend, device, once, tf } from '../native';

/** Sets of instructions that the project's own kernels are compiled for, in the order of kernels/isa.h. */
const ISAS = ['none', 'avx2', 'avx2x16', 'avx512', 'neon'] as const;

/** Ways of multiplying in bfloat16, in the order of kernels/isa.h. */
const BF16S = ['none', 'dot-by-avx2', 'avx512_bf16', 'amx-by-avx2', 'amx'] as const;

type InUse = { readonly isa: (typeof ISAS)[number]; readonly bf16: (typeof BF16S)[number] };

/** Asks the kernels what they use here; `none` without AVX2 or NEON or on a GPU, and for bfloat16 where float32 is faster. */
const inUse = once((): InUse => {
  if (device() === 'gpu') return { isa: 'none', bf16: 'none' };
  try {
    return tf.tidy(() => {
      const [isa, bf16] = backend.executeMultipleOutputs('IsaInUse', [], [], 2);
      return { isa: ISAS[isa.dataSync()[0]], bf16: BF16S[bf16.dataSync()[0]] };
    });
  } catch {
    return { isa: 'none', bf16: 'none' };
  }
});

export const isa = () => inUse().isa;
export const bf16 = () => inUse().bf16;

/** Whether the project's own kernels (lib/engine/kernels) can be used. */
export const haveKernels = (): boolean => isa() !== 'none';

/** Precision of the factors of a product; sums and weights are float32. */
export type Precision = 'float32' | 'bf16';

/** Why this machine refuses a precision; undefined where it does not. */
export function refusalOf(precision: Precision): string | undefined {
  if (precision === 'float32' || bf16() !== 'none') return undefined;
  const found = device() === 'cpu' ? 'this processor is not quicker with bfloat16' : 'a GPU computes here';
  return `precision bf16: ${found}; expected float32, or a processor with AMX or, of AMD, with avx512_bf16`;
}

/** State of ops that are made now. */
let now: { readonly by: 'what there is' | 'TensorFlow' | 'kernels'; readonly precision: Precision } = {
  by: 'what there is',
  precision: 'float32',
};

export const useKernels = () => (now.by === 'what there is' ? haveKernels() : now.by === 'kernels');
export const precisionNow = (): Precision => now.precision;

function during<R>(change: Partial<typeof now>, body: () => R): R {
  const before = now;
  now = { ...now, ...change };
  try {
    return body();
  } finally {
    now = before;
  }
}

/** Runs `body` by TensorFlow's own ops, which any TensorFlow knows. */
export const portable = <R>(body: () => R): R => during({ by: 'TensorFlow' }, body);

/** Records `body` by the project's own ops, also where their kernels cannot run. */
export const asKernels = <R>(body: () => R): R => during({ by: 'kernels' }, body);

/** Runs `body` with products in this precision, where the kernels find that quicker. */
export const inPrecision = <R>(precision: Precision, body: () => R): R => during({ precision }, body);
