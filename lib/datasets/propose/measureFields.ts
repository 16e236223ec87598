import type { Engine } from '../reading/sql/engine';
import { mayBeDomain, mayBeLabel } from './choose/fieldColumns';
import type { ColumnProfile, DomainProfile, LabelProfile, Reason } from './choose/profile';
import type { Roles } from './choose/roles';
import type { Link } from './links';
import { cellsOf, type Measured } from './measure/measured';
import { contradictions, measureDomains, measureLabel } from './measure/measureUse';

/** What the fields of users and items could be used for. */
export interface Fields {
  readonly domains: readonly DomainProfile[];
  readonly labels: readonly LabelProfile[];
  readonly lists: Readonly<Record<string, string>>;
  readonly unused: readonly Reason[];
}

/** The others may be words for an unknown number. */
const MOSTLY_NUMBERS = 0.5;

/** What is known beforehand. */
interface Known {
  readonly roles: Roles;
  readonly links: readonly Link[];
  /** How many there are. */
  readonly users: number;
}

/** Looks at the files of users and items, and where there are none at the columns of the interactions. */
export async function measureFields(engine: Engine, interactions: Measured, known: Known): Promise<Fields> {
  const items = ownerOf('items', interactions, known);
  const people = ownerOf('users', interactions, known);
  const tried = [
    items.columns.filter(mayBeDomain),
    people.columns.filter((column) => mayBeLabel(column, known.users)),
  ];
  const ofItems = await consistent(engine, items, tried[0]);
  const ofUsers = await consistent(engine, people, tried[1]);
  const domains: DomainProfile[] = [];
  for (const column of ofItems)
    domains.push(...(await measureDomains(engine, column.name, cellsOf(items.table, items.id, column))));
  const labels: LabelProfile[] = [];
  for (const column of ofUsers) {
    const isNumber = column.numbers >= MOSTLY_NUMBERS;
    labels.push(await measureLabel(engine, column.name, cellsOf(people.table, people.id, column), isNumber));
  }
  const unused = unusedAmong(tried.flat(), [...ofItems, ...ofUsers], known.roles);
  return { domains, labels, lists: listsAmong(ofItems), unused };
}

/** A table that may have fields of users or items, and its column of their ids. */
interface Owner {
  readonly table: Measured;
  readonly id: string;
  readonly columns: readonly ColumnProfile[];
}

function ownerOf(kind: Link['kind'], interactions: Measured, { roles, links }: Known): Owner {
  const { user, item, time } = roles;
  const link = links.find((each) => each.kind === kind);
  const table = link?.table ?? interactions;
  const taken = link === undefined ? [user, item, time] : [link.column];
  const columns = table.profile.columns.filter(({ name }) => !taken.includes(name));
  return { table, id: link?.column ?? (kind === 'users' ? user : item), columns };
}

/** The columns that have one value for each id. */
async function consistent(
  engine: Engine,
  { table, id }: Owner,
  columns: readonly ColumnProfile[],
): Promise<ColumnProfile[]> {
  const found: ColumnProfile[] = [];
  for (const column of columns) {
    if ((await contradictions(engine, cellsOf(table, id, column))) === 0) found.push(column);
  }
  return found;
}

function listsAmong(columns: readonly ColumnProfile[]): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap(({ name, separator }) => (separator === undefined ? [] : [[name, separator]])),
  );
}

function unusedAmong(
  tried: readonly ColumnProfile[],
  used: readonly ColumnProfile[],
  { user, item }: Roles,
): Reason[] {
  const names = new Set(tried.filter((column) => !used.includes(column)).map(({ name }) => name));
  const why = `several values for one ${user} and for one ${item}, so a field of neither`;
  return [...names].map((name) => ({ what: `no field ${name}`, why }));
}
