/** A tree of weights as a table: what it is made of, and what an experiment tunes of it. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { grouped } from '../../base/grouped';
import { leaves, leavesIn, type Tree, type Weight } from '../../engine/weights';
import type { FineTuning } from '../../experiments/methods/experiment';
import { selectionOf } from '../../experiments/recipes/frozen';
import type { UserModelWeights } from '../../model/userModel';
import { percent, type Table } from './table';

type Leaf = Weight | Tensor;
type Row = { readonly path: string; readonly parameters: number; readonly state: string };

/** The Euclidean norm. */
function normOf(leaf: Leaf): number {
  let squares = 0;
  for (const value of 'values' in leaf ? leaf.values : leaf.dataSync()) squares += value * value;
  return Math.sqrt(squares);
}

/** The weights of a model as `weightsTable` has them, with what an experiment tunes of it, and what it leaves frozen. */
export function tunedTable(
  model: UserModelWeights<Leaf>,
  experiment: Pick<FineTuning, 'tuned' | 'trunk'>,
): Table {
  return weightsTable(model as Tree<Leaf>, leavesIn<Leaf>(selectionOf(experiment)<Leaf>(model)));
}

/** Path, shape, number of parameters and norm of each weight, in the tree's order. */
export function weightsTable(tree: Tree<Leaf>, tuned?: ReadonlySet<Leaf>): Table {
  const rows = leaves<Leaf>(tree).map(([path, leaf]) => ({
    path,
    shape: leaf.shape.join(' x '),
    parameters: leaf.shape.reduce((product, size) => product * size, 1),
    norm: normOf(leaf),
    state: tuned?.has(leaf) ? 'tuned' : 'frozen',
  }));
  return {
    name: 'weights',
    caption: 'The weights of a tree, and the Euclidean norm of each.',
    columns: [
      { key: 'path', label: 'Weight' },
      { key: 'shape', label: 'Shape', align: 'right' },
      { key: 'parameters', label: 'Parameters' },
      { key: 'norm', label: 'Norm', digits: 3 },
      ...(tuned ? [{ key: 'state', label: 'Tuning' }] : []),
    ],
    rows,
    note: sums(rows, tuned !== undefined),
  };
}

/** Sums of each branch of the tree, and of all: `trunk 104,000, frozen` */
function sums(rows: readonly Row[], withState: boolean): string {
  const branchOf = ({ path }: Row) => path.split('/')[0];
  const count = (some: readonly Row[]) => some.reduce((all, { parameters }) => all + parameters, 0);
  const sum = (name: string, own: readonly Row[]) => {
    const share = count(own.filter(({ state }) => state === 'tuned')) / count(own);
    const state = share === 0 ? 'frozen' : share === 1 ? 'tuned' : `${percent(share)} tuned`;
    return `${name} ${count(own).toLocaleString('en')}${withState ? `, ${state}` : ''}`;
  };
  const branches = grouped(rows, branchOf);
  const parts = branches.length > 1 ? branches.map(([name, own]) => sum(name, own)) : [];
  return `Parameters: ${[...parts, sum('all', rows)].join('; ')}.`;
}
