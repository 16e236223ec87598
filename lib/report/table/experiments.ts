/** Choices of experiments as a table: a few side by side, many one below the other. */
import { fingerprint } from '../../base/fingerprint';
import { inCode } from '../../base/userError';
import type { Experiment } from '../../experiments/methods/experiment';
import { isOwn, type Own } from '../../experiments/methods/own/own';
import type { Column, Table } from './table';

/** Experiments that stand in columns; more of them stand in rows. */
const IN_COLUMNS = 4;

type Values = ReadonlyMap<string, unknown>;

/** The values of a plain object by their paths, `budget.dropout`. Lists are one value, as are functions of one's own. */
export function valuesByPath(object: object): Values {
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

/** `hinge #1a2b3c`: an edited function is another. */
const ownInWords = (own: Own): string => `${own.name} #${fingerprint(own).slice(0, 6)}`;

/** A value of a declaration as a cell. */
export function declaredCell(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : inCode(value);
}

/** The paths at which some objects differ, one that some lack among them. */
export const differingPaths = (all: readonly Values[]): string[] =>
  pathsOf(all).filter((path) => new Set(all.map((one) => JSON.stringify(one.get(path)))).size > 1);

const pathsOf = (all: readonly Values[]) => [...new Set(all.flatMap((one) => [...one.keys()]))];

/** Without nulls and names. */
const choicesOf = ({ id: _id, label: _label, ...chosen }: Experiment): Values =>
  new Map([...valuesByPath(chosen)].filter(([, value]) => value !== null));

/** Choices by their paths, `patches.place`: those that are asked for, else all of a few experiments and what tells many apart. */
export function experimentsTable(experiments: readonly Experiment[], asked?: readonly string[]): Table {
  const choices = experiments.map(choicesOf);
  const differing = differingPaths(choices);
  const [one, many] = [experiments.length === 1, experiments.length > IN_COLUMNS];
  const paths = asked ?? (many ? differing : pathsOf(choices));
  const name = 'experiments';
  const cell = (i: number, path: string) => declaredCell(choices[i].get(path));
  const rowOf = (i: number) => Object.fromEntries(paths.map((path) => [path, cell(i, path)]));
  if (many)
    return {
      ...{ name, caption: `What ${experiments.length} experiments choose.` },
      columns: [columnOf('label', 'Method'), ...paths.map((path) => columnOf(path, path))],
      rows: experiments.map(({ label }, i) => ({ label, ...rowOf(i) })),
    };
  return {
    name,
    caption: one ? 'What an experiment chooses.' : 'What experiments choose; ≠ where they differ.',
    columns: [
      columnOf('choice', 'Choice'),
      ...experiments.map(({ label }, i) => columnOf(`${i}`, label)),
      ...(one ? [] : [columnOf('differ', 'Differ')]),
    ],
    rows: paths.map((path) => ({
      ...{ choice: path, differ: differing.includes(path) ? '≠' : '' },
      ...Object.fromEntries(experiments.map((_, i) => [`${i}`, cell(i, path)])),
    })),
  };
}

const columnOf = (key: string, label: string): Column => ({ key, label, style: 'plain', align: 'left' });
