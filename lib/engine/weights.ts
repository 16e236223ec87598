import { type Random, truncatedNormal } from '../base/random';
import { isTensor, tf } from './native';

/** One weight on the JavaScript side: plain data, so that it can be compared, hashed and saved bit by bit. */
export type Weight = { readonly shape: readonly number[]; readonly values: Float32Array };

/** Weights of type `L` (Weight in JavaScript, tf.Tensor in TensorFlow), nested under names and indices. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [name: string]: Tree<L> };

/** A weight tree with a tensor for each weight. */
export type Tensors<W> = W extends Weight ? tf.Tensor : { [K in keyof W]: Tensors<W[K]> };

function isLeaf(node: unknown): boolean {
  return isTensor(node) || (node as Partial<Weight>).values instanceof Float32Array;
}

/** The leaves in a fixed order, each under its path: `trunk/blocks/0/first/kernel`. */
export function leaves<L>(tree: Tree<L>, path = ''): [path: string, leaf: L][] {
  if (isLeaf(tree)) return [[path, tree as L]];
  return Object.entries(tree as Record<string, Tree<L>>).flatMap(([name, child]) =>
    leaves<L>(child, path === '' ? name : `${path}/${name}`),
  );
}

/** The set of leaves of a tree or of a list of trees. */
export const leavesIn = <L>(tree: Tree<L>): Set<L> => new Set(leaves<L>(tree).map(([, leaf]) => leaf));

/** Replaces each leaf of a tree. */
export function mapLeaves<L, M>(tree: Tree<L>, change: (leaf: L, path: string) => M, path = ''): Tree<M> {
  if (isLeaf(tree)) return change(tree as L, path);
  const inside = (name: string) => (path === '' ? name : `${path}/${name}`);
  if (Array.isArray(tree)) return tree.map((child, i) => mapLeaves<L, M>(child, change, inside(String(i))));
  const changed = Object.entries(tree as Record<string, Tree<L>>).map(
    ([name, child]) => [name, mapLeaves<L, M>(child, change, inside(name))] as const,
  );
  return Object.fromEntries(changed);
}

/** Copies a weight tree into TensorFlow. The caller disposes the tensors. */
export function upload<W>(weights: W): Tensors<W> {
  const tensor = ({ values, shape }: Weight) => tf.tensor(values, [...shape], 'float32');
  return mapLeaves<Weight, tf.Tensor>(weights as Tree<Weight>, tensor) as unknown as Tensors<W>;
}

/** Number of scalars in a tree. */
export function countWeights(tree: Tree<Weight>): number {
  return leaves<Weight>(tree).reduce((sum, [, { values }]) => sum + values.length, 0);
}

/** Numbers of a tensor of this shape. */
export const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

export function zeros(shape: readonly number[]): Weight {
  return { shape, values: new Float32Array(sizeOf(shape)) };
}

export function ones(shape: readonly number[]): Weight {
  return { shape, values: new Float32Array(sizeOf(shape)).fill(1) };
}

/** Truncated normal values of mean 0. */
export function normal(shape: readonly number[], deviation: number, stream: Random): Weight {
  return { shape, values: truncatedNormal(sizeOf(shape), deviation, stream) };
}
