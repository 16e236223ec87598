/** What experiments choose, as a table: a few side by side, many one below the other. */

import { fingerprint } from '../../files/fingerprint';
import type { Experiment } from '../../methods/experiment';
import { isOwn, type Own } from '../../methods/own/own';
import { shown } from '../../userError';
import type { Cell, Column, Table } from './table';

/** Experiments that stand in columns; more of them stand in rows. */
const IN_COLUMNS = 4;

/** The values inside a plain object by their paths, `budget.dropout`. Lists are one value, and so are functions of one's own. */
export function valuesByPath(object: object): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (isOwn(value)) found.set(path, ownInWords(value as Own));
    else if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    else found.set(path, value);
  };
  walk(object, '');
  return found;
}

/** `hinge #1a2b3c`: a function of one's own is another when it is edited. */
const ownInWords = (own: Own): string => `${own.name} #${fingerprint(own).slice(0, 6)}`;

/** A value of a declaration as a cell. */
export function declaredCell(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : shown(value);
}

/** The paths at which some objects differ, one that some lack among them. */
export function differingPaths(all: readonly ReadonlyMap<string, unknown>[]): string[] {
  return pathsOf(all).filter((path) => new Set(all.map((one) => JSON.stringify(one.get(path)))).size > 1);
}

const pathsOf = (all: readonly ReadonlyMap<string, unknown>[]) => [
  ...new Set(all.flatMap((one) => [...one.keys()])),
];

type Choices = ReadonlyMap<string, unknown>;

/** What stands as null is not chosen, nor is what an experiment is called. */
const choicesOf = ({ id: _id, label: _label, ...chosen }: Experiment): Choices =>
  new Map([...valuesByPath(chosen)].filter(([, value]) => value !== null));

/** Choices by their paths, `patches.place`: those that are asked for, else all of a few experiments and what tells many apart. */
export function experimentsTable(experiments: readonly Experiment[], asked?: readonly string[]): Table {
  const choices = experiments.map(choicesOf);
  return experiments.length > IN_COLUMNS
    ? inRows(experiments, choices, asked ?? differingPaths(choices))
    : inColumns(experiments, choices, asked ?? pathsOf(choices));
}

const columnOf = (key: string, label: string): Column => ({ key, label, style: 'plain', align: 'left' });

const cellsOf = (choices: readonly Choices[], path: string) =>
  Object.fromEntries(choices.map((one, i): [string, Cell] => [`${i}`, declaredCell(one.get(path))]));

function inColumns(
  experiments: readonly Experiment[],
  choices: readonly Choices[],
  paths: readonly string[],
): Table {
  const differing = new Set(differingPaths(choices));
  const one = experiments.length === 1;
  return {
    name: 'experiments',
    caption: one ? 'What an experiment chooses.' : 'What experiments choose; ≠ where they differ.',
    columns: [
      columnOf('choice', 'Choice'),
      ...experiments.map(({ label }, i) => columnOf(`${i}`, label)),
      ...(one ? [] : [columnOf('differ', 'Differ')]),
    ],
    rows: paths.map((path) => ({
      ...{ choice: path, differ: differing.has(path) ? '≠' : '' },
      ...cellsOf(choices, path),
    })),
  };
}

const inRows = (
  experiments: readonly Experiment[],
  choices: readonly Choices[],
  paths: readonly string[],
): Table => ({
  name: 'experiments',
  caption: `What ${experiments.length} experiments choose.`,
  columns: [columnOf('label', 'Method'), ...paths.map((path) => columnOf(path, path))],
  rows: experiments.map(({ label }, i) => ({
    label,
    ...Object.fromEntries(paths.map((path): [string, Cell] => [path, declaredCell(choices[i].get(path))])),
  })),
});
