/** The files of users and items beside the interactions. */
import { UserError } from '../../base/userError';
import type { Given } from '../card/card';
import { quoted } from '../card/textFile';
import { type Column, isUnique, type Table } from './measure';
import { asked, namesOf, type Roles } from './roles';
import { isNamed } from './words';

/** A table and the column of its ids. */
export type IdColumn = { readonly table: Table; readonly id: Column };

/** A table with one row for each user or item of the interactions. */
export type Link = IdColumn & { readonly kind: 'users' | 'items' };

export const ROLE_OF = { users: 'user', items: 'item' } as const;

/** A column by its name. Throws a UserError that lists the columns there are. */
export function idColumnOf(table: Table, name: string): IdColumn {
  const id = table.columns.find((each) => each.name === name);
  if (id !== undefined) return { table, id };
  throw new UserError(
    `${table.label}: expected one of the columns ${namesOf(table.columns)}, found ${quoted(name)} in the card`,
  );
}

/**
 * The files that the card names, else those with a row an id, called as in the interactions or as a user or item. Throws a
 * UserError that asks for the file where there are several.
 */
export function findLinks(others: readonly Table[], roles: Roles, given: Given): Link[] {
  return (['users', 'items'] as const).flatMap((kind) => {
    const role = ROLE_OF[kind];
    const [name = roles[role]] = Object.values(given.columns?.[kind] ?? {}) as string[];
    const found = others.flatMap((table): Link[] => {
      if ((given[kind] ?? table.name) !== table.name) return [];
      const ids = table.columns.filter((column) => isUnique(column, table.rows));
      const id = ids.find((each) => each.name === name) ?? ids.find((each) => isNamed(each.name, role));
      return id ? [{ kind, table, id }] : [];
    });
    requireOne(
      kind,
      found.map(({ table }) => table),
    );
    return found;
  });
}

/** Throws a UserError that asks for a file where there are several. */
export function requireOne(key: 'interactions' | Link['kind'], found: readonly Table[]): void {
  if (found.length < 2) return;
  const names = found.map(({ name }) => name).join(', ');
  const how = key === 'interactions' ? ', a file or a pattern such as "*.csv",' : '';
  throw new UserError(`expected one file of ${key}, found ${names}: ${asked(`"${key}": …${how}`)}`);
}
