import type { ColumnTable } from 'arquero';
import { UserError } from '../../base/userError';
import type { Dropped } from '../card/dropped';
import type { Condition } from '../card/taskSpecs';
import { quoted } from '../card/textFile';
import type { Cell } from '../loading/dataset';

/** One pair (u, y) to learn or predict. */
export interface Instance {
  /** Place in source.users: with a timeline a user stands there several times. */
  readonly user: number;
  /** Index in the task's labels. */
  readonly label: number;
}

/** The target side of a task. */
export interface Targets {
  /** Item ids of the target domain, or class names. */
  readonly labels: readonly string[];
  /** In the order of source.users, a user's own in time order; of a split file in its order. */
  readonly instances: readonly Instance[];
  /**
   * Recommend: per place in source.users all its target labels, not only the first `perUser`; on a timeline, of
   * training places, those before its time. Classify: empty.
   */
  readonly known: readonly (readonly number[])[];
  /** On a timeline: places in `instances`. */
  readonly parts?: TimeParts;
  readonly dropped: readonly Dropped[];
}

/** Instances before the time of a timeline, and the others, which are tested. */
export type TimeParts = { readonly learnt: readonly number[]; readonly tested: readonly number[] };

/** Divides places by their times. */
export function partsAt(times: readonly number[], at: number): TimeParts {
  const places = [...times.keys()];
  return {
    learnt: places.filter((place) => times[place] < at),
    tested: places.filter((place) => times[place] >= at),
  };
}

/** Whether a cell meets a condition of the card; a sequence does if any of its values does. */
export function meets(cell: Cell, condition: Condition): boolean {
  const values: readonly (string | number)[] = typeof cell === 'object' ? cell : [cell];
  if (Array.isArray(condition))
    return condition.some((wanted) => values.some((value) => same(value, wanted)));
  const { from = -Infinity, to = Infinity } = condition;
  return values.some((value) => value !== '' && Number(value) >= from && Number(value) <= to);
}

/** Ages and years are often tokens: 21 in the card is "21" in the file. */
const same = (value: string | number, wanted: string | number): boolean =>
  typeof value === 'number' ? value === Number(wanted) : value === String(wanted);

/** Throws a UserError where users or items have neither a file nor a field that a task of the card names. */
export function requireTable(table: ColumnTable | undefined, key: string): ColumnTable {
  if (table !== undefined) return table;
  throw new UserError(
    `${key}: expected a field that a task of dataset.json names, for without a file of users or items no others are read: name it there first`,
  );
}

/** The cells of a field named in the card at `key`. Throws a UserError for an unknown field. */
export function fieldCells(table: ColumnTable, field: string, key: string): readonly Cell[] {
  const fields = table.columnNames();
  if (fields.includes(field)) return Array.from(table.array(field) as ArrayLike<Cell>);
  throw new UserError(`${key}: expected one of the fields ${fields.join(', ')}, found ${quoted(field)}`);
}
