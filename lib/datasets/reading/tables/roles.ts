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

/** The fields of a file. One that has the name of a role without being it is of no use, as is one without a name. */
export function fieldsOf(columns: readonly SheetColumn[], roles: Roles): Field[] {
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
    const own = ['user_id', 'item_id', 'timestamp', 'click'].includes(name) ? '' : name;
    return { name: own, heading: name, type: isList ? 'token_seq' : 'token', required: false, marked: true };
  });
}
