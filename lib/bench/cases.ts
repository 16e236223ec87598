/** Benchmarks as data that both sides read. Letters: k channels, |Y| labels. */

import type { Precision } from '../tensorflow/ops/kernels';

/** The paper's trunk: 16 layers in 8 blocks. */
export type TrunkCase = {
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
/** Users with three labels, two, and one. The peer encodes a user once for each label, or once. */
export type EpochCase = PeterRecCase & {
  readonly labelled: readonly number[];
  readonly peer: 'one encoding per label' | 'shared encodings';
};
/** Softmax against `sampled` log-uniform items, or against all where that is null. */
export type PretrainCase = TrunkCase & {
  readonly sampled: number | null;
  readonly peer: 'dense Adam' | 'SparseAdam';
};

export type Case =
  | (TrunkCase & { readonly kind: 'train-step' })
  | (PeterRecCase & { readonly kind: 'finetune-step' })
  | (EpochCase & { readonly kind: 'finetune-epoch' })
  | (PretrainCase & { readonly kind: 'pretrain' })
  | (PeterRecCase & { readonly kind: 'evaluate' });

/** One line of a benchmark, and the same in small, on which both sides must agree. */
export type Comparison = { readonly size: string; readonly measured: Case; readonly tiny: Case };

const precision = 'float32';
const PAPER = { kernel: 3, dilations: [1, 4, 1, 4, 1, 4, 1, 4], items: 20_000, precision } as const;
const TINY = {
  batch: 4,
  length: 9,
  channels: 8,
  kernel: 3,
  dilations: [1, 4],
  items: 30,
  precision,
} as const;
const TINY_PETERREC = { ...TINY, bottleneck: 2, labels: 12 };

/** ColdRec-1 has 20,343 target items; sequences have length 50 and [TCL]. */
const PETERREC = { ...PAPER, length: 50, channels: 256, bottleneck: 32, labels: 20_343 };

function trainStep(batch: number, length: number, channels: number): Comparison {
  return {
    size: `${batch} x ${length} x ${channels}`,
    measured: { kind: 'train-step', ...PAPER, batch, length, channels },
    tiny: { kind: 'train-step', ...TINY },
  };
}

/** 2.3 labels a user as in ColdRec-1, and as many as two batches hold. */
const LABELLED = [206, 167, 72];

function finetuneEpoch(peer: EpochCase['peer']): Comparison {
  const kind = 'finetune-epoch';
  return {
    size: '445 users, 1024 labels, 512 x 50 x 256',
    measured: { kind, ...PETERREC, batch: 512, labelled: LABELLED, peer },
    tiny: { kind, ...TINY_PETERREC, batch: 6, labelled: [2, 2, 2], peer },
  };
}

function pretrain(peer: PretrainCase['peer']): Comparison {
  const kind = 'pretrain';
  return {
    size: '32 x 100 x 256, 645000 items, 2000 sampled',
    measured: { kind, ...PAPER, batch: 32, length: 100, channels: 256, items: 645_000, sampled: 2000, peer },
    tiny: { kind, ...TINY, sampled: 7, peer },
  };
}

/** A small reproduction: three blocks, as the default preset has them. */
const SMALL = { ...PAPER, dilations: [1, 4, 16], items: 3272, batch: 32, length: 100 };

function pretrainSmall(channels: number, sampled: number | null): Comparison {
  const [kind, peer] = ['pretrain', 'dense Adam'] as const;
  return {
    size: `32 x 100 x ${channels}, 3272 items, ${sampled ?? 'none'} sampled`,
    measured: { kind, ...SMALL, channels, sampled, peer },
    tiny: { kind, ...TINY, sampled: sampled && 7, peer },
  };
}

const trainSteps = [trainStep(32, 100, 256), trainStep(128, 50, 128), trainStep(32, 50, 64)];

const finetuneStep: Comparison = {
  size: '512 x 50 x 256',
  measured: { kind: 'finetune-step', ...PETERREC, batch: 512 },
  tiny: { kind: 'finetune-step', ...TINY_PETERREC },
};

/** The same with products in bfloat16, where the small one has channels enough for them. */
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
  'finetune-epoch': [finetuneEpoch('one encoding per label'), finetuneEpoch('shared encodings')],
  'pretrain-small': [32, 64].flatMap((channels) =>
    [null, 512].map((sampled) => pretrainSmall(channels, sampled)),
  ),
  'pretrain-645k': [pretrain('dense Adam'), pretrain('SparseAdam')],
  evaluate: [
    {
      size: '64 users x 50 x 256, 645000 items',
      measured: { kind: 'evaluate', ...PETERREC, batch: 64, labels: 645_000 },
      tiny: { kind: 'evaluate', ...TINY_PETERREC },
    },
  ],
} satisfies Record<string, readonly Comparison[]>;
