/** Signatures of a program: functions of weights and a batch, and training steps. */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tensors, Tree } from '../weights';
import type { Graph, Ref } from './graph';

export type InputSpec = { readonly dtype: 'float32' | 'int32'; readonly shape: readonly number[] };
/** An input of a batch. */
export const int32 = (...shape: number[]): InputSpec => ({ dtype: 'int32', shape });
export const float32 = (...shape: number[]): InputSpec => ({ dtype: 'float32', shape });
type Specs = Readonly<Record<string, InputSpec>>;

/** A function of weights and a batch, for example ids to hidden states. */
export interface Forward<W> {
  readonly inputs: Specs;
  readonly outputs: (weights: Tensors<W>, batch: NamedTensorMap) => NamedTensorMap;
}

/** A training step: lowers `loss` by the weights that `tuned` selects. Signatures whose optimisers have one name share its state. */
export interface Training<W> {
  readonly inputs: Specs;
  readonly loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar;
  readonly tuned: (weights: Tensors<W>) => readonly Tree<Tensor>[];
  readonly optimizer: Optimizer;
  /** The tuned weights whose rows are updated only where the batch gathers them (`gatherRows`), and how. */
  readonly rows?: {
    readonly tables: (weights: Tensors<W>) => readonly Tree<Tensor>[];
    readonly optimizer: RowOptimizer;
  };
}
export type Signature<W> = Forward<W> | Training<W>;

/** An update rule in graph form. Its state stands in variables of the program, which are saved and resumed. */
export interface UpdateRule<Gradient> {
  /** Its variables are named `adam/m/<weight>`. */
  readonly name: string;
  /** Variables of a weight's shape that start at zero, one of each for each tuned weight. */
  readonly slots: readonly string[];
  /** Scalar variables and the values that they start from. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Adds the update of one weight, to run after the nodes `after`, and returns its node. */
  update(graph: Graph, to: Update<Gradient>): string;
  /** Adds the update of the scalars, to run after all weights are updated, and returns its nodes. */
  advance(graph: Graph, scalars: readonly Variable[], after: readonly string[]): string[];
}
export type Update<Gradient> = {
  readonly weight: Variable;
  readonly slots: readonly Variable[];
  readonly scalars: readonly Variable[];
  readonly gradient: Gradient;
  /** The nodes that read the weight in this step. */
  readonly after: readonly string[];
};
export type Optimizer = UpdateRule<Ref>;
/** The gradient of a table as rows: row n of `rows` [N, …] belongs to row ids[n] of the table; ids [N] may repeat. */
export type RowGradient = { readonly ids: Ref; readonly rows: Ref };
export type RowOptimizer = UpdateRule<RowGradient>;

/** A resource variable: its handle, its value at the start of a step, and its shape. */
export type Variable = { readonly handle: Ref; readonly value: Ref; readonly shape: readonly number[] };
