import type { Roles } from './choose/roles';
import type { Link } from './links';
import type { Measured } from './measure/measured';

interface Choices {
  readonly interactions: Measured;
  readonly roles: Roles;
  readonly links: readonly Link[];
  readonly lists: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, object>>;
}

/** The choices as keys of a card; those that would say nothing are absent. */
export function proposedCard({ interactions, roles, links, lists, tasks }: Choices): Record<string, unknown> {
  const linked = (kind: Link['kind']) => links.find((link) => link.kind === kind);
  const [users, items] = [linked('users'), linked('items')];
  const isPartial = links.some(({ covered }) => covered < 1);
  const keys = {
    interactions: interactions.profile.name,
    users: users?.table.profile.name,
    items: items?.table.profile.name,
    columns: columnsOf(interactions, roles, users, items),
    header: headersOf(interactions, roles, users, items),
    timeFormat: roles.timeFormat,
    lists: Object.keys(lists).length > 0 ? lists : undefined,
    onBadRow: isPartial ? 'drop' : undefined,
    tasks,
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}

/** What the card calls a column: where the file has no header, one with a role is called by it. */
function called({ open }: Measured, column: string, role: string): string {
  return open.header?.includes(column) && /^column\d+$/.test(column) ? role : column;
}

/** One map where it holds in all files, else one for each. */
function columnsOf(
  interactions: Measured,
  roles: Roles,
  users: Link | undefined,
  items: Link | undefined,
): object {
  const own = {
    user: called(interactions, roles.user, 'user'),
    item: called(interactions, roles.item, 'item'),
    time: roles.time === null ? null : called(interactions, roles.time, 'time'),
  };
  const user = users && called(users.table, users.column, 'user');
  const item = items && called(items.table, items.column, 'item');
  if ((user ?? own.user) === own.user && (item ?? own.item) === own.item) return own;
  return { interactions: own, ...(user && { users: { user } }), ...(item && { items: { item } }) };
}

function headersOf(
  interactions: Measured,
  { user, item, time }: Roles,
  users: Link | undefined,
  items: Link | undefined,
): object | undefined {
  const header = (table: Measured, roles: readonly (readonly [string | null, string])[]) =>
    table.open.header?.map((column) => {
      const role = roles.find(([name]) => name === column)?.[1];
      return role === undefined ? column : called(table, column, role);
    });
  const headers = {
    interactions: header(interactions, [
      [user, 'user'],
      [item, 'item'],
      [time, 'time'],
    ]),
    users: users && header(users.table, [[users.column, 'user']]),
    items: items && header(items.table, [[items.column, 'item']]),
  };
  const given = Object.entries(headers).filter(([, names]) => names !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
