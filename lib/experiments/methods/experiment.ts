/** Experiments are plain data; each is written as what differs from another one. */
import { z } from 'zod';
import type { Task } from '../../data/tasks/tasks';
import type { Insertion, Place } from '../../model/patches/bottleneck';
import type { ShippedInsertion } from '../../model/patches/patches';
import { selectionNames, selections, type Tuned } from '../../model/selections/selections';
import { type TrunkName, trunkNames } from '../../model/trunks/names';
import type { Representation } from '../../model/userModel';
import type { Extent } from './budgets';
import type { Wanted } from './chosenTasks';
import { isOwn, type Own } from './own/own';

/** Choices of a method that starts from a trunk. */
export const methodChoices = {
  trunk: z.enum(trunkNames),
  start: z.enum(['pre-trained', 'random']),
  representation: z.enum(['token', 'sum', 'mean']),
  /** The embedding of [TCL]: the trunk's random row, or k parameters of the task that start from it. */
  tcl: z.enum(['frozen', 'trained']),
  /** Weights that fine-tuning changes; all others stay bit for bit as they were. */
  tuned: z.enum(selectionNames),
  /**
   * Paper: BPR for recommendation, softmax cross-entropy for profiles. Authors: their pointwise form for both. Cross-entropy
   * for both is what NeuFM and DeepFM are trained with.
   */
  loss: z.enum(['paper', 'authors', 'cross-entropy']),
  /** The budget of a method: the paper's, or the best known. */
  setting: z.enum(['paper', 'best']),
};

type Chosen<K extends keyof typeof methodChoices> = z.infer<(typeof methodChoices)[K]>;

export type { Tuned };
export type Loss = Chosen<'loss'>;

/** Whether all weights or a part is tuned; selects the learning rate. */
export const extentOf = ({ tuned }: Pick<FineTuning, 'tuned'>): Extent =>
  (!isOwn(tuned) && selections[tuned].extent) || 'part';

/** The paper's patches as an experiment declares them; the bottleneck is k / `squeeze`. */
export type Bottlenecks = Omit<Insertion, 'place' | 'bottleneck'> & {
  readonly form?: 'bottleneck';
  readonly place: Place | Own<'insertion'>;
  /** In place of Eq. 9; shortcut, activation and start are then of no effect. */
  readonly patch?: Own<'patch'>;
  readonly squeeze: number;
};

/** A rank, or the one with about as many weights as the paper's patches, two a block, at d = k / `as`. */
export type Rank = number | { readonly as: number };

type Ranked<P> = P extends { readonly rank: number } ? Omit<P, 'rank'> & { readonly rank: Rank } : P;

/** Patches of another form. */
export type OtherPatches = (
  | Ranked<Exclude<ShippedInsertion, Insertion | { form: 'fusion' }>>
  | { readonly form: 'fusion' }
) & {
  readonly [K in Exclude<keyof Bottlenecks, 'form'>]?: undefined;
};
export type Patches = Bottlenecks | OtherPatches;

/** The method whose patches are fused, and the tasks that it is tuned for first: by name, or all of a source and kind. */
export type Fused = { readonly experiment: FineTuning; readonly tasks: readonly string[] | 'all' };
/** The names of the tasks of a plan, in which `all` are named. */
export const fusedTasks = ({ tasks }: Fused): readonly string[] => tasks as readonly string[];
export const isOther = (patches: Patches): patches is OtherPatches =>
  'form' in patches && patches.form !== 'bottleneck';

/** Keys of every experiment. */
type Declared = {
  /** Names documents and files; unique per trunk. */
  readonly id: string;
  /** Shown in tables and figures. */
  readonly label: string;
  /** Share of the training instances (Fig. 6), absent: all. A smaller share is part of a larger one. */
  readonly training?: number;
};

/** A method that starts from a trunk and tunes part of it for one task. */
export type FineTuning = Declared & {
  readonly kind: 'fine-tuning';
  readonly trunk: TrunkName;
  readonly start: Chosen<'start'>;
  /** Share of the source users that the trunk is pre-trained on; absent: all. A smaller share is part of a larger one. */
  readonly pretraining?: number;
  /** Weight of a third loss of pre-training: from the mean state of a random half of a history to the other half; absent: 0. */
  readonly halves?: number;
  readonly representation: Representation;
  readonly tcl: Chosen<'tcl'>;
  readonly patches: Patches | null;
  /** Whether tuning leaves the size of patches as it is declared; absent: it chooses one in the best setting. */
  readonly size?: 'declared';
  /** The rank of a patch on the item embedding, tuned where patches are; absent: there is none. */
  readonly itemRank?: Rank;
  /** The rank of a patch of each item past the trunk, tuned where patches are, of profiles alone or of all; absent: there is none. */
  readonly pastRank?: Rank | { readonly classify: Rank };
  /** Patches that the form `fusion` fuses. */
  readonly fused?: Fused;
  readonly tuned: Tuned | Own<'selection'>;
  readonly loss: Loss | Own<'loss'>;
  /** Draws the negative of a label; absent: uniform over the others. */
  readonly negatives?: Own<'negatives'>;
  readonly setting: Chosen<'setting'>;
};

/** Whether the loss samples a negative per label: BPR, the authors' and own losses do. */
export function drawsNegatives({ kind }: Pick<Task, 'kind'>, { loss }: Pick<FineTuning, 'loss'>): boolean {
  return isOwn(loss) || loss === 'authors' || (loss === 'paper' && kind === 'recommend');
}

/** LabelCS and item popularity: labels by their frequency in the training part, for tasks of one kind. */
export type MostFrequent = Declared & {
  readonly kind: 'most frequent';
  readonly trunk: 'none';
  readonly of: Task['kind'];
};

/** An opponent without a pre-trained trunk; its tuned values stand in the preset. */
export type Against = Declared & {
  readonly kind: 'opponent';
  /** MTL trains a trunk of its own. */
  readonly trunk: 'none' | 'causal';
  readonly model: string;
  /** Tasks that it is for; absent: of both kinds. */
  readonly of?: Task['kind'];
};

/** An opponent as an experiment declares it. */
export const against = (id: string, model: string, label = id): Against => {
  return { kind: 'opponent', id, label, trunk: 'none', model };
};

export type Experiment = FineTuning | MostFrequent | Against;

/** Experiments, and the tasks that each of them runs on. */
export type Planned = { readonly on: Wanted; readonly experiments: readonly Experiment[] };
