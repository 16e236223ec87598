import { UserError } from '../../base/userError';
import type { Column, Table } from './measure';
import { isNamed } from './words';

/** A choice of a proposal and its reason. */
export type Reason = { readonly what: string; readonly why: string };

/** Which columns of a table are user, item and time; time null: the order of the file. */
export interface Roles {
  readonly user: string;
  readonly item: string;
  readonly time: string | null;
}

/** How to tell what a proposal cannot: keys of an unfinished card. */
export const asked = (keys: string): string =>
  `write ${keys} into a dataset.json beside it and run this again`;
const COLUMNS = '"columns": { "user": …, "item": …, "time": … }';
const HEADER = ', and "header": { "interactions": [ … ] } if its first row holds no names,';

export const namesOf = (columns: readonly Column[]): string => columns.map(({ name }) => name).join(', ');

const calledSo = ({ columns }: Pick<Table, 'columns'>, role: 'user' | 'item' | 'time') =>
  columns.filter(({ name, isList }) => !isList && isNamed(name, role));

/** Whether names say that a table has users and items. */
export const isLog = (table: Pick<Table, 'columns'>): boolean =>
  calledSo(table, 'user').length > 0 && calledSo(table, 'item').length > 0;

/** Chooses columns by their names. Throws a UserError that asks for `columns` where names leave a choice. */
export function chooseRoles(table: Pick<Table, 'label' | 'columns'>): Roles & { readonly reasons: Reason[] } {
  const { label, columns } = table;
  const only = (role: 'user' | 'item' | 'time'): Column | undefined => {
    const found = calledSo(table, role);
    if (found.length === 1 || (found.length === 0 && role === 'time')) return found[0];
    const what = found.length > 1 ? namesOf(found) : `none among ${namesOf(columns)}`;
    const header = found.length === 0 ? HEADER : '';
    throw new UserError(
      `${label}: expected one column of ${role}s by its name, found ${what}: ${asked(`${COLUMNS}${header}`)}`,
    );
  };
  const [user, item, time] = (['user', 'item', 'time'] as const).map(only) as [Column, Column, Column?];
  const said = (column: Column) => `by its name, ${column.distinct.toLocaleString('en-US')} values`;
  return {
    ...{ user: user.name, item: item.name, time: time?.name ?? null },
    reasons: [
      { what: `user: ${user.name}`, why: said(user) },
      { what: `item: ${item.name}`, why: said(item) },
      {
        what: `time: ${time?.name ?? null}`,
        why: time ? said(time) : 'no column is called a time: the order of the file counts',
      },
    ],
  };
}
