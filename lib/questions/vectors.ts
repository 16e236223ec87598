/** Users and items as vectors: which lie near each other, and a map. Letters: N vectors, k channels. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DuckDBListValue, DuckDBValue } from '@duckdb/node-api';
import { EVD, Matrix } from 'ml-matrix';
import { UserError } from '../base/userError';
import { literal, openEngine } from '../data/reading/sql/engine';
import type { Task } from '../data/tasks/tasks';
import type { Result } from '../experiments/documents/document';
import { type Ran, runsOf } from '../experiments/documents/ran';
import { inBestSetting } from '../experiments/methods/best';
import type { FineTuning } from '../experiments/methods/experiment';
import { causal } from '../experiments/methods/family';
import { userStates } from '../model/exchange/outputs';
import { writeRows } from '../model/exchange/rowFile';
import { loadUserModel } from '../model/files/patchFile';
import type { Scatter } from '../report/figure/plotly';
import { type Figure, smallMultiples } from '../report/figure/smallMultiples';
import { plainText, type SeriesStyle, seriesStyles } from '../report/figure/theme';
import { columnsOf, type Table } from '../report/table/table';

/** The method whose vectors are taken. */
export const PeterRec: FineTuning = inBestSetting(causal.PeterRec);

/** The class of a user without one. */
const NO_CLASS = '–';

/** A Parquet file with a row and a `hidden` of k numbers a vector, and what each row is. */
export type Vectors = {
  readonly file: string;
  readonly of: 'user' | 'item';
  readonly names: readonly string[];
  /** The class of each, where a task has classes. */
  readonly classes?: readonly string[];
};

const weightsOf = ({ out }: Ran, { instances }: Result): string =>
  path.join(out, 'models', instances.replace(/tsv$/, 'safetensors'));

/** The model of the first seed of a task, and what tells it from others. */
function modelOf(ran: Ran, task: string) {
  const [run] = runsOf(ran.results, task, PeterRec);
  const trunk = ran.pretraining.find(({ left }) => left === run.startedFrom) as Result;
  const made = [trunk, run].map(({ checksum }) => checksum);
  return { made, model: loadUserModel(weightsOf(ran, trunk), weightsOf(ran, run)) };
}

const fileIn = ({ out }: Ran, task: string, of: string) => path.join(out, 'vectors', `${task}-${of}.parquet`);

function write(
  file: string,
  made: readonly string[],
  numbers: { readonly width: number; readonly of: (from: number, to: number) => Iterable<Float32Array> },
  rows: number,
) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return writeRows(file, { made, rows }, { lines: () => [], numbers: { ...numbers, columns: 'hidden' } });
}

/** Writes the vectors of the users of a task as its model has them, with their classes. */
export async function usersOf(ran: Ran, { name, kind, source, instances, labels }: Task): Promise<Vectors> {
  const { made, model } = modelOf(ran, name);
  const of = function* (from: number, to: number) {
    for (const [h] of userStates(model, source.sequences.slice(from, to), 'last')) yield h;
  };
  const file = fileIn(ran, name, 'users');
  await write(file, made, { width: model.trunk.shape.channels, of }, source.users.length);
  const found = { file, of: 'user', names: source.users } as const;
  if (kind !== 'classify') return found;
  const classes = new Map(instances.map(({ user, label }) => [user, labels[label]]));
  return { ...found, classes: source.users.map((_, user) => classes.get(user) ?? NO_CLASS) };
}

/** Writes the embeddings of the items of a task's source. */
export async function itemsOf(ran: Ran, { name, source }: Task): Promise<Vectors> {
  const { made, model } = modelOf(ran, name);
  const { channels: k } = model.trunk.shape;
  const { values } = model.weights.trunk.embedding;
  const of = function* (from: number, to: number) {
    for (let item = from; item < to; item++) yield values.slice((item + 1) * k, (item + 2) * k); // behind padding
  };
  const file = fileIn(ran, name, 'items');
  await write(file, made, { width: k, of }, source.items.length);
  return { file, of: 'item', names: source.items };
}

/** Rows that DuckDB finds; its memory may spill to a temporary folder. */
async function rowsOf(sql: string): Promise<readonly (readonly DuckDBValue[])[]> {
  const engine = await openEngine(os.tmpdir());
  try {
    return await engine.rows(sql);
  } finally {
    engine.close();
  }
}

const readOf = (file: string) => `read_parquet(${literal(file)})`;

/** A neighbour of a row: its own row, and the cosine of both vectors. */
export type Neighbour = { readonly row: number; readonly near: number; readonly similarity: number };

/** The nearest rows of each of some rows by cosine similarity, by exact search; of equal ones the first. */
export async function neighbours(file: string, rows: readonly number[], count: number): Promise<Neighbour[]> {
  const found = await rowsOf(
    `SELECT a.row, b.row AS near, list_cosine_similarity(a.hidden, b.hidden)::DOUBLE AS similarity
     FROM ${readOf(file)} a JOIN ${readOf(file)} b ON b.row <> a.row WHERE a.row IN (${rows.join()})
     QUALIFY row_number() OVER (PARTITION BY a.row ORDER BY similarity DESC, near) <= ${count}
     ORDER BY a.row, similarity DESC, near`,
  );
  return found.map(([row, near, similarity]) => ({
    row: Number(row),
    near: Number(near),
    similarity: similarity as number,
  }));
}

/** Neighbours of a user or an item, of the first if none is named, with the classes of users. Throws a UserError for one that is not there. */
export async function nearest(
  { file, of, names, classes }: Vectors,
  name = names[0],
  count = 8,
): Promise<Table> {
  const row = names.indexOf(name);
  if (row < 0) throw new UserError(`${of} ${name}: expected one of ${names.length}, such as ${names[0]}`);
  const found = await neighbours(file, [row], count);
  const own = classes ? `, ${classes[row]}` : '';
  return {
    name: `vectors-nearest-${of}s`,
    caption: `The ${of}s nearest to ${of} ${name}${own} among ${names.length.toLocaleString('en')}, by cosine similarity.`,
    columns: [
      ...columnsOf({ name: of === 'user' ? 'User' : 'Item', ...(classes ? { label: 'Class' } : {}) }),
      { key: 'similarity', label: 'Similarity', digits: 3 },
    ],
    rows: found.map(({ near, similarity }) => ({
      ...{ name: names[near], similarity },
      ...(classes ? { label: classes[near] } : {}),
    })),
    note: `Exact search in DuckDB over ${path.basename(file)}.`,
  };
}

/** Coordinates of vectors [N, k] on their two principal axes, and the share of the variance that each explains. */
export function principal(vectors: readonly (readonly number[])[]): {
  readonly points: readonly (readonly number[])[];
  readonly shares: readonly number[];
} {
  const all = new Matrix(vectors as number[][]);
  const centred = all.center('column');
  const { realEigenvalues, eigenvectorMatrix } = new EVD(centred.transpose().mmul(centred), {
    assumeSymmetric: true,
  });
  const last = realEigenvalues.length - 1; // eigenvalues ascend
  const axes = [last, last - 1];
  const total = realEigenvalues.reduce((sum, value) => sum + value, 0);
  return {
    points: centred.mmul(eigenvectorMatrix.subMatrixColumn(axes)).to2DArray(),
    shares: axes.map((axis) => realEigenvalues[axis] / total),
  };
}

/** Classes that have a colour of their own; the others share one. */
const COLOURS = 7;

/** Users on the two axes along which their vectors differ most, coloured by class. */
export async function map({ file, classes, names }: Vectors): Promise<Figure> {
  const read = await rowsOf(`SELECT hidden::DOUBLE[] FROM ${readOf(file)} ORDER BY row`);
  const { points, shares } = principal(read.map(([hidden]) => (hidden as DuckDBListValue).items as number[]));
  const counts = new Map<string, number>();
  for (const name of classes ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  const largest = [...counts].sort(([, a], [, b]) => b - a).slice(0, COLOURS);
  const shown = new Set(largest.map(([name]) => name));
  const classOf = (row: number) => (classes ? (shown.has(classes[row]) ? classes[row] : 'other') : 'users');
  const series = [...new Set(names.map((_, row) => classOf(row)))].sort();
  const styles = seriesStyles(series);
  const traces = series.map((name): Scatter => {
    const rows = points.flatMap((point, row) => (classOf(row) === name ? [{ point, row }] : []));
    return {
      ...({ type: 'scatter', mode: 'markers', name: plainText(name), legendgroup: name } as const),
      x: rows.map(({ point: [x] }) => x),
      y: rows.map(({ point: [, y] }) => y),
      text: rows.map(({ row }) => names[row]),
      marker: { color: `${(styles.get(name) as SeriesStyle).color}99`, symbol: 'circle', size: 4 },
    };
  });
  const axis = (i: number) => ({
    label: `Axis ${i + 1}, ${Math.round(100 * shares[i])} % of the variance`,
    nticks: 6,
  });
  return smallMultiples({
    name: 'vectors-map',
    caption: `${names.length.toLocaleString('en')} users by their vectors, on the two principal axes.`,
    panels: [{ title: '', traces, x: axis(0), y: axis(1) }],
    panelHeight: 260,
  });
}

/** How many neighbours the answer counts. */
const COUNTED = 5;
const MOST_ASKED = 500;

/** How often the nearest users have the same class, beside how often any have; of users with a class. */
export async function answer({ file, classes, names }: Vectors): Promise<string> {
  if (!classes)
    return `**${names.length.toLocaleString('en')} users have a vector each; the task has no classes to compare.**`;
  const known = [...names.keys()].filter((row) => classes[row] !== NO_CLASS);
  const rows = known.slice(0, MOST_ASKED);
  const found = (await neighbours(file, rows, COUNTED)).filter(({ near }) => classes[near] !== NO_CLASS);
  const near = found.filter((one) => classes[one.row] === classes[one.near]).length / found.length;
  const counts = new Map<string, number>();
  for (const row of known) counts.set(classes[row], (counts.get(classes[row]) ?? 0) + 1);
  const any = [...counts.values()].reduce((sum, count) => sum + (count / known.length) ** 2, 0);
  const asked = rows.length < known.length ? `, of the first ${rows.length} users asked,` : '';
  return `**Of a user’s ${COUNTED} nearest users${asked} ${Math.round(100 * near)} % have the same class; at random it would be ${Math.round(100 * any)} %.**`;
}
