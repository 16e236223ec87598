import type { Card } from '../../card/card';
import type { PartName } from '../formats/format';
import type { Field } from '../formats/layout';
import type { SheetColumn } from './sheet';

/** What the columns of a file are that the card names: by name, the field that the reading knows. */
export type Roles = Readonly<Record<string, 'user_id' | 'item_id' | 'timestamp'>>;

export function rolesOf({ columns }: Pick<Card, 'columns'>, part: PartName): Roles {
  const named: { user?: string; item?: string; time?: string | null } = columns?.[part] ?? {};
  const roles: Record<string, Roles[string]> = {};
  if (named.user !== undefined) roles[named.user] = 'user_id';
  if (named.item !== undefined) roles[named.item] = 'item_id';
  if (typeof named.time === 'string') roles[named.time] = 'timestamp';
  return roles;
}

/** What the ids of users and items are called, so that no field of theirs can be. */
export const ID_OF = { users: 'user_id', items: 'item_id' } as const;

/** The fields of a file. One that is called as the ids are without being them is of no use, as is one without a name. */
export function fieldsOf(columns: readonly SheetColumn[], roles: Roles, part: PartName): Field[] {
  return columns.map(({ name, isList }): Field => {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role !== undefined)
      return {
        name: role,
        heading: name,
        type: role === 'timestamp' ? 'time' : 'token',
        required: true,
        marked: true,
      };
    const own = part !== 'interactions' && name === ID_OF[part] ? '' : name;
    return { name: own, heading: name, type: isList ? 'token_seq' : 'token', required: false, marked: true };
  });
}
