import type { Roles } from './choose/roles';
import type { Link } from './links';
import type { Measured } from './measure/measured';

interface Choices {
  readonly interactions: Measured;
  readonly roles: Roles;
  readonly links: readonly Link[];
  readonly lists: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, object>>;
  /** Whether columns without a name of their own are called by their roles. */
  readonly renames: boolean;
}

/** The choices as keys of a card; those that would say nothing are absent. */
export function proposedCard(choices: Choices): Record<string, unknown> {
  const { interactions, roles, links, lists, tasks } = choices;
  const [users, items] = [linked(choices, 'users'), linked(choices, 'items')];
  const isPartial = links.some(({ covered }) => covered < 1);
  const keys = {
    interactions: interactions.profile.name,
    users: users?.table.profile.name,
    items: items?.table.profile.name,
    columns: columnsOf(choices),
    header: headersOf(choices),
    timeFormat: roles.timeFormat,
    lists: Object.keys(lists).length > 0 ? lists : undefined,
    onBadRow: isPartial ? 'drop' : undefined,
    tasks,
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}

const linked = ({ links }: Choices, kind: Link['kind']) => links.find((link) => link.kind === kind);

/** What the card calls a column: where the file has no header, one with a role is called by it. */
function called({ renames }: Choices, { open }: Measured, column: string, role: string): string {
  return renames && open.header?.includes(column) ? role : column;
}

/** One map where it holds in all files, else one for each. */
function columnsOf(choices: Choices): object {
  const { interactions, roles } = choices;
  const [users, items] = [linked(choices, 'users'), linked(choices, 'items')];
  const own = {
    user: called(choices, interactions, roles.user, 'user'),
    item: called(choices, interactions, roles.item, 'item'),
    time: roles.time === null ? null : called(choices, interactions, roles.time, 'time'),
  };
  const user = users && called(choices, users.table, users.column, 'user');
  const item = items && called(choices, items.table, items.column, 'item');
  if ((user ?? own.user) === own.user && (item ?? own.item) === own.item) return own;
  return { interactions: own, ...(user && { users: { user } }), ...(item && { items: { item } }) };
}

function headersOf(choices: Choices): object | undefined {
  const { user, item, time } = choices.roles;
  const [users, items] = [linked(choices, 'users'), linked(choices, 'items')];
  const header = (table: Measured, roles: Readonly<Record<string, string>>) =>
    table.open.header?.map((column) =>
      Object.hasOwn(roles, column) ? called(choices, table, column, roles[column]) : column,
    );
  const headers = {
    interactions: header(choices.interactions, { [user]: 'user', [item]: 'item', [time ?? '']: 'time' }),
    users: users && header(users.table, { [users.column]: 'user' }),
    items: items && header(items.table, { [items.column]: 'item' }),
  };
  const given = Object.entries(headers).filter(([, names]) => names !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
