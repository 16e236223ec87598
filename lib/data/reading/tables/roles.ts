import type { Card } from '../../card/card';
import type { Field, PartName } from '../formats/layout';
import type { SheetColumn } from './sheet';

/** By the name of a column that the card names, the field that the reading knows. */
export type Roles = Readonly<Record<string, (typeof ROLES)[keyof typeof ROLES]>>;

const ROLES = { user: 'user_id', item: 'item_id', time: 'timestamp' } as const;

export function rolesOf({ columns }: Pick<Card, 'columns'>, part: PartName): Roles {
  const named = Object.entries(columns?.[part] ?? {}).filter(([, column]) => column !== null);
  return Object.fromEntries(named.map(([role, column]) => [column, ROLES[role as keyof typeof ROLES]]));
}

/** What the ids of users and items are called; no field of theirs can be called so. */
export const ID_OF = { users: 'user_id', items: 'item_id' } as const;

/** The fields of a file. A column without a name, or called as the ids without being them, is only counted. */
export function fieldsOf(columns: readonly SheetColumn[], roles: Roles, part: PartName): Field[] {
  return columns.map(({ name, isList }): Field => {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role === undefined) {
      const own = part !== 'interactions' && name === ID_OF[part] ? '' : name;
      const type = isList ? 'token_seq' : 'token';
      return { name: own, heading: name, type, required: false, marked: true };
    }
    const type = role === 'timestamp' ? 'time' : 'token';
    return { name: role, heading: name, type, required: true, marked: true };
  });
}
