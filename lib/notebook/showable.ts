/** Things that a cell can show. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { shown, UserError } from '../base/userError';
import type { Tree, Weight } from '../engine/weights';
import type { Experiment, FineTuning } from '../experiments/methods/experiment';
import type { UserModelWeights } from '../model/userModel';
import type { PlotlySpec } from '../report/figure/render';
import type { Figure } from '../report/figure/smallMultiples';
import { experimentsTable } from '../report/table/experiments';
import { type ArqueroTable, type DanfoFrame, fromArquero, fromDanfo } from '../report/table/frames';
import type { Table } from '../report/table/table';

/** Weights or tensors under names and indices: a model, a part of it, or one of them. */
export type Weights = Tree<Weight | Tensor>;

export type Showable =
  | Table
  | Figure
  | PlotlySpec
  | ArqueroTable
  | DanfoFrame
  | Experiment
  | readonly Experiment[]
  | Weights;

export type Options = {
  /** Marks the weights of a user model that this experiment tunes. */
  readonly tunedBy?: Pick<FineTuning, 'tuned'>;
  /** Choices of experiments by their paths, such as `patches.place`; absent: all. */
  readonly choices?: readonly string[];
};

const has = (thing: unknown, ...keys: readonly string[]): thing is Record<string, unknown> =>
  typeof thing === 'object' && thing !== null && keys.every((key) => key in thing);

export const isFigure = (thing: unknown): thing is Figure => has(thing, 'spec', 'caption');
export const isSpec = (thing: unknown): thing is PlotlySpec =>
  has(thing, 'data', 'layout') && Array.isArray(thing.data);
export const isArquero = (thing: unknown): thing is ArqueroTable => has(thing, 'columnNames', 'numRows');
export const isDanfo = (thing: unknown): thing is DanfoFrame =>
  has(thing, 'columns', 'index', 'values', 'shape');
export const isTable = (thing: unknown): thing is Table => has(thing, 'columns', 'rows', 'caption');
export const isExperiment = (thing: unknown): thing is Experiment =>
  has(thing, 'id', 'label', 'kind', 'trunk');
const isWeight = (thing: unknown): thing is Weight | Tensor =>
  has(thing, 'shape', 'values') || has(thing, 'shape', 'dataSync');

/** Whether a thing is a tree of weights or tensors alone, without a circle. */
export const isWeights = (thing: unknown): thing is Weights => isTree(thing, []);

function isTree(thing: unknown, above: readonly object[]): boolean {
  if (isWeight(thing)) return true;
  if (typeof thing !== 'object' || thing === null || above.includes(thing)) return false;
  const [children, around] = [Object.values(thing), [...above, thing]];
  return children.length > 0 && children.every((child) => isEmpty(child) || isTree(child, around));
}

const isEmpty = (thing: unknown) => Array.isArray(thing) && thing.length === 0;

/** Anything but a figure as a table. Throws a UserError for what cannot be shown. Loads TensorFlow only for weights. */
export function toTable(thing: unknown, { tunedBy, choices }: Options): Table {
  if (isArquero(thing)) return fromArquero(thing);
  if (isDanfo(thing)) return fromDanfo(thing);
  if (isTable(thing)) return thing;
  if (isExperiment(thing)) return experimentsTable([thing], choices);
  if (Array.isArray(thing) && thing.length > 0 && thing.every(isExperiment))
    return experimentsTable(thing, choices);
  if (!isWeights(thing)) throw new UserError(`show: expected ${EXPECTED}, found ${shown(thing)}`);
  const { tunedTable, weightsTable }: WeightTables = require('../report/table/weights');
  if (tunedBy === undefined) return weightsTable(thing);
  if (has(thing, 'trunk', 'patches', 'head'))
    return tunedTable(thing as UserModelWeights<Weight | Tensor>, tunedBy);
  throw new UserError('show: expected a user model with trunk, patches and head where tunedBy is given');
}

type WeightTables = typeof import('../report/table/weights');

const EXPECTED =
  'a table, a figure, a Plotly specification, an Arquero table, a Danfo frame, experiments or weights';
