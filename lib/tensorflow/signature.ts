/** What a program is asked for: functions of weights and a batch, and training steps. */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Graph, Ref } from './graph';
import type { Tensors, Tree } from './weights';

export type InputSpec = { readonly dtype: 'float32' | 'int32'; readonly shape: readonly number[] };
type Specs = Readonly<Record<string, InputSpec>>;

/** A function of weights and a batch, for example ids to hidden states. */
export interface Forward<W> {
  readonly inputs: Specs;
  readonly outputs: (weights: Tensors<W>, batch: NamedTensorMap) => NamedTensorMap;
}

/** A training step: lowers `loss` by changing the weights that `tuned` selects, and no other. */
export interface Training<W> {
  readonly inputs: Specs;
  readonly loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar;
  readonly tuned: (weights: Tensors<W>) => readonly Tree<Tensor>[];
  readonly optimizer: Optimizer;
}
export type Signature<W> = Forward<W> | Training<W>;

/** An update rule in graph form. All of its state are variables of the program, so it can be saved and resumed. */
export interface Optimizer {
  readonly name: string;
  /** Variables of a weight's shape that start at zero, one of each for each tuned weight. */
  readonly slots: readonly string[];
  /** Scalar variables and the values that they start from. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Adds the update of one weight and returns its node. */
  update(graph: Graph, weight: Variable, slots: Variable[], scalars: Variable[], gradient: Ref): string;
  /** Adds the update of the scalars, to run after all weights are updated, and returns its nodes. */
  advance(graph: Graph, scalars: Variable[], after: readonly string[]): string[];
}

/** A resource variable: its handle, and its value at the start of a step. */
export type Variable = { readonly handle: Ref; readonly value: Ref };
