/** Benchmarks as data that both sides read. Letters: k channels, |Y| labels. */
import type { Precision } from '../engine/ops/kernels';

/** The paper's trunk, 16 layers in 8 blocks, or another one. */
export type TrunkCase = {
  /** Absent: the dilated CNN; of SASRec with `blocks`, `heads` and embeddings of `positions`. */
  readonly trunk?: 'SASRec' | 'GRU';
  readonly blocks?: number;
  readonly heads?: number;
  readonly positions?: number;
  readonly batch: number;
  readonly length: number;
  /** k */
  readonly channels: number;
  readonly kernel: number;
  readonly dilations: readonly number[];
  /** Source items that sequences are drawn from, uniformly. */
  readonly items: number;
  /** Of products, on both sides. */
  readonly precision: Precision;
};
/** PeterRec: two serial patches of `bottleneck` channels a block, and a classifier over `labels`. */
export type PeterRecCase = TrunkCase & { readonly bottleneck: number; readonly labels: number };
/** Softmax against `sampled` log-uniform items, or against all where that is null. */
export type PretrainCase = TrunkCase & {
  readonly sampled: number | null;
  readonly peer: 'dense Adam' | 'SparseAdam';
};

export type Case =
  | (TrunkCase & { readonly kind: 'train-step' })
  | (PeterRecCase & { readonly kind: 'finetune-step' })
  | (PretrainCase & { readonly kind: 'pretrain' })
  | (PeterRecCase & { readonly kind: 'evaluate' });

/** One line of a benchmark, and the same in small, on which both sides must agree. */
export type Comparison = { readonly size: string; readonly measured: Case; readonly tiny: Case };

const precision = 'float32';
const PAPER = { kernel: 3, dilations: [1, 4, 1, 4, 1, 4, 1, 4], items: 20_000, precision } as const;
const TINY = { batch: 4, length: 9, channels: 8, dilations: [1, 4], items: 30 };

const line = (size: string, measured: Case): Comparison => {
  const peterRec = 'labels' in measured ? { bottleneck: 2, labels: 12 } : {};
  const sample = 'sampled' in measured && measured.sampled !== null ? { sampled: 7 } : {};
  return { size, measured, tiny: { ...measured, ...TINY, ...peterRec, ...sample } as Case };
};

/** ColdRec-1 has 20,343 target items; sequences have length 50 and [TCL]. */
const PETERREC = { ...PAPER, batch: 512, length: 50, channels: 256, bottleneck: 32, labels: 20_343 };

const trainStep = (batch: number, length: number, channels: number) =>
  line(`${batch} x ${length} x ${channels}`, { kind: 'train-step', ...PAPER, batch, length, channels });

/** A small reproduction: three blocks, as the default preset has them. */
const SMALL = { ...PAPER, dilations: [1, 4, 16], items: 3272 };

const pretrain = (given: Omit<PretrainCase, 'batch' | 'length'>) => {
  const size = `32 x 100 x ${given.channels}, ${given.items} items, ${given.sampled ?? 'none'} sampled`;
  return line(size, { kind: 'pretrain', ...given, batch: 32, length: 100 });
};
const pretrainLarge = (peer: PretrainCase['peer']) =>
  pretrain({ ...PAPER, items: 645_000, channels: 256, sampled: 2000, peer });

/** Next items against 512 candidates, as `default` has them on MovieLens-1M, without dropout. */
const otherTrunk = (trunk: 'SASRec' | 'GRU') => {
  const lineOf = (batch: number, length: number, channels: number) => {
    const own = { ...SMALL, trunk, blocks: 2, heads: 1, positions: length, batch, length, channels };
    const size = `${batch} x ${length} x ${channels}, ${SMALL.items} items, 512 sampled`;
    return line(size, { kind: 'pretrain', ...own, sampled: 512, peer: 'dense Adam' });
  };
  return [lineOf(32, 100, 64), lineOf(128, 50, 128)];
};

const trainSteps = [trainStep(32, 100, 256), trainStep(128, 50, 128), trainStep(32, 50, 64)];
const finetuneStep = line('512 x 50 x 256', { kind: 'finetune-step', ...PETERREC });

/** Takes products in bfloat16, with channels enough for them in the small case. */
const inBf16 = ({ size, measured, tiny }: Comparison): Comparison => ({
  size: `${size}, bf16`,
  measured: { ...measured, precision: 'bf16' },
  tiny: { ...tiny, channels: 32, precision: 'bf16' },
});

export const benchmarks = {
  'train-step': trainSteps,
  'train-step-bf16': trainSteps.map(inBf16),
  'finetune-step': [finetuneStep],
  'finetune-step-bf16': [inBf16(finetuneStep)],
  'pretrain-small': [32, 64].flatMap((channels) =>
    [null, 512].map((sampled) => pretrain({ ...SMALL, channels, sampled, peer: 'dense Adam' })),
  ),
  'sasrec-step': otherTrunk('SASRec'),
  'gru-step': otherTrunk('GRU'),
  'pretrain-645k': [pretrainLarge('dense Adam'), pretrainLarge('SparseAdam')],
  evaluate: [
    line('64 users x 50 x 256, 645000 items', { kind: 'evaluate', ...PETERREC, batch: 64, labels: 645_000 }),
  ],
} satisfies Record<string, readonly Comparison[]>;
