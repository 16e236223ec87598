/** Outputs of cells: tables, figures, data frames, experiments, weights, text and answers. */
import fs from 'node:fs';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { inCode, UserError } from '../base/userError';
import type { Tree, Weight } from '../engine/weights';
import type { Experiment, FineTuning } from '../experiments/methods/experiment';
import type { UserModelWeights } from '../model/userModel';
import type { Answer } from '../report/answer/answer';
import { answerHtml } from '../report/answer/glance';
import type { Provenance } from '../report/crate';
import { exportTo } from '../report/export';
import { drawFigure, type PlotlySpec, pictureOf } from '../report/figure/render';
import type { Figure } from '../report/figure/smallMultiples';
import { CONFIG, onScreen } from '../report/figure/theme';
import { experimentsTable } from '../report/table/experiments';
import { toMarkdown } from '../report/table/formats';
import { type ArqueroTable, type DanfoFrame, fromArquero, fromDanfo } from '../report/table/frames';
import type { Table } from '../report/table/table';
import { displayBundle, inNotebook, type MimeBundle } from './kernel/kernel';
import { boxedHtml } from './table/html';

/** Weights or tensors under names and indices: a model, a part of it, or one of them. */
type Weights = Tree<Weight | Tensor>;

type Showable =
  | Table
  | Figure
  | PlotlySpec
  | ArqueroTable
  | DanfoFrame
  | Experiment
  | readonly Experiment[]
  | Weights;

type Options = {
  /** Marks the weights of a user model that this experiment tunes. */
  readonly tunedBy?: Pick<FineTuning, 'tuned' | 'trunk'>;
  /** Choices of experiments by their paths, such as `patches.place`; absent: all. */
  readonly choices?: readonly string[];
};

const has = (thing: unknown, ...keys: readonly string[]): thing is Record<string, unknown> =>
  typeof thing === 'object' && thing !== null && keys.every((key) => key in thing);

const isFigure = (thing: unknown): thing is Figure => has(thing, 'spec', 'caption');
const isSpec = (thing: unknown): thing is PlotlySpec =>
  has(thing, 'data', 'layout') && Array.isArray(thing.data);
const isArquero = (thing: unknown): thing is ArqueroTable => has(thing, 'columnNames', 'numRows');
const isDanfo = (thing: unknown): thing is DanfoFrame => has(thing, 'columns', 'index', 'values', 'shape');
const isTable = (thing: unknown): thing is Table => has(thing, 'columns', 'rows', 'caption');
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
  return children.length > 0 && children.every((child) => isEmptyList(child) || isTree(child, around));
}

const isEmptyList = (thing: unknown) => Array.isArray(thing) && thing.length === 0;

/** Anything but a figure as a table. Throws a UserError for what cannot be shown. Loads TensorFlow only for weights. */
function toTable(thing: unknown, { tunedBy, choices }: Options): Table {
  if (isArquero(thing)) return fromArquero(thing);
  if (isDanfo(thing)) return fromDanfo(thing);
  if (isTable(thing)) return thing;
  const listed = [thing].flat();
  if (listed.length > 0 && listed.every(isExperiment)) return experimentsTable(listed, choices);
  if (!isWeights(thing)) throw new UserError(`show: expected ${EXPECTED}, found ${inCode(thing)}`);
  const {
    tunedTable,
    weightsTable,
  }: typeof import('../report/table/weights') = require('../report/table/weights');
  if (tunedBy === undefined) return weightsTable(thing);
  if (has(thing, 'trunk', 'patches', 'head'))
    return tunedTable(thing as UserModelWeights<Weight | Tensor>, tunedBy);
  throw new UserError('show: expected a user model with trunk, patches and head where tunedBy is given');
}

const EXPECTED =
  'a table, a figure, a Plotly specification, an Arquero table, a Danfo frame, experiments or weights';

/**
 * Shows a table, a figure, a data frame, experiments side by side, or weights below the notebook's cell; outside a notebook prints
 * its text. A figure is interactive where the front end can draw Plotly. Throws a UserError for anything else.
 */
export async function show(thing: Showable, options: Options = {}): Promise<void> {
  if (isFigure(thing)) await showFigure(thing);
  else if (isSpec(thing)) await showFigure(pictureOf(thing), thing);
  else {
    const table = toTable(thing, options);
    display(toMarkdown(table), () => ({ 'text/html': boxedHtml(table) }));
  }
}

/** Shows an output below the notebook's cell, with its text for other front ends; outside a notebook prints the text. */
function display(text: string, rich: () => MimeBundle): void {
  if (inNotebook()) displayBundle({ ...rich(), 'text/plain': text });
  else console.log(text);
}

async function showFigure(figure: Figure, drawn: PlotlySpec = onScreen(figure.spec)): Promise<void> {
  showDrawn(figure, inNotebook() ? await drawFigure(figure) : undefined, drawn);
}

/** Shows a drawn figure, as text outside a notebook. No PNG: JupyterLab shows one at three times its size. */
function showDrawn(figure: Figure, svg: string | undefined, drawn: PlotlySpec = onScreen(figure.spec)): void {
  display(`${figure.name}: ${figure.caption}`, () => ({
    'application/vnd.plotly.v1+json': { ...drawn, config: CONFIG },
    ...(svg && { 'image/svg+xml': svg }),
  }));
}

/** Shows a table or a figure and leaves it in every format under `out`/tables or `out`/figures. */
export async function publish(thing: Table | Figure, out: string, from: Provenance): Promise<void> {
  const [file] = await exportTo(out, thing, from);
  if ('spec' in thing) showDrawn(thing, file.endsWith('.svg') ? fs.readFileSync(file, 'utf8') : undefined);
  else await show(thing);
}

/** Shows Markdown text below the notebook's cell, nothing where it is empty; outside a notebook prints it. */
export function say(markdown: string): void {
  if (markdown !== '') display(markdown, () => ({ 'text/markdown': markdown }));
}

/** Shows an answer at a glance, with its sentence, as the last cell of a notebook does; outside a notebook prints it. */
export function tell(answer: Answer): void {
  const text = [`${answer.question} ${answer.sentence}`, ...answer.notes].join('\n');
  display(text, () => ({ 'text/html': answerHtml(answer) }));
}
