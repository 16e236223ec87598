import { join } from 'node:path';
import { UserError } from '../../base/userError';
import type { Given } from '../card/card';
import { quoted } from '../card/textFile';
import type { Engine } from '../reading/sql/engine';
import { BRACKETS, requireFormat } from '../reading/tables/forms';
import type { SheetPlace } from '../reading/tables/sheet';
import { type Column, MOSTLY, measureTable, type Table } from './measure';
import { chooseRoles, isLog, isUnique, type Reason, type Roles } from './roles';
import { mayBeDomain, mayBeLabel, proposeDomains, proposeLabels } from './tasks';
import { contradictions, coverage, type IdColumn, measureDomains, measureLabel, measureSizes } from './use';
import { isEventName, nameScore, tokensOf } from './words';

/** The most kinds of events that a column says. */
const MOST_EVENTS = 12;

const PARTS = ['interactions', 'users', 'items'] as const;
const KINDS = ['users', 'items'] as const;
type Kind = (typeof KINDS)[number];

/** Tables by their names, files or patterns. */
export type Search = {
  readonly place: Pick<SheetPlace, 'folder' | 'work' | 'encoding' | 'onBadRow'>;
  readonly names: readonly string[];
  readonly given: Given;
  /** Reports the next step: millions of rows take their time. */
  readonly report: (what: string) => void;
};

/**
 * Measures tables and proposes the keys of a card, with a reason for each. The log is the table that the card
 * names, else the largest that has users and items by name, else the largest. Throws a UserError for what is damaged or cannot be told.
 */
export async function propose(engine: Engine, search: Search) {
  const { given, report } = search;
  const tables = await measureTables(engine, search);
  const largest = [...tables].sort((a, b) => b.rows - a.rows);
  const log = tables.find(({ name }) => name === given.interactions) ?? largest.find(isLog) ?? largest[0];
  const others = tables.filter((table) => table !== log);
  const roles = rolesOf(log, others, given);
  const ids = { users: idColumnOf(log, roles.user), items: idColumnOf(log, roles.item) };
  report('looking for users, items, target domains and labels');
  const links = await findLinks(engine, others, { roles, ids, given });
  const partial = links.filter(({ covered }) => covered < 1);
  const { tasks, lists, reasons } = await proposeTasks(engine, roles, ids, links);
  const card = {
    interactions: log.name,
    ...Object.fromEntries(links.map(({ kind, table }) => [kind, table.name])),
    columns: columnsOf(roles, links),
    lists: Object.keys(lists).length > 0 ? lists : undefined,
    onBadRow: partial.length > 0 ? 'drop' : undefined,
    tasks,
  };
  return {
    card,
    reasons: [
      {
        what: `interactions: ${log.name}`,
        why: `${log.rows.toLocaleString('en-US')} rows, ${columnNames(log)}`,
      },
      ...others.filter((other) => !links.some(({ table }) => table === other)).map((o) => leftOut(o, log)),
      ...roles.reasons,
      ...eventsIn(log, roles),
      ...links.map(linkReason),
      ...Object.entries(lists).map(([field, mark]) => ({ what: `list: ${field}`, why: separated(mark) })),
      ...reasons,
    ],
  };
}

async function measureTables(engine: Engine, { place, names, given, report }: Search): Promise<Table[]> {
  if (given.timeFormat !== undefined)
    await requireFormat(engine, given.timeFormat, join(place.folder.path, 'dataset.json'));
  const tables: Table[] = [];
  for (const [i, name] of names.entries()) {
    report(`reading ${name}`);
    const part = PARTS.find((each) => given[each] === name) ?? 'interactions';
    const header = given[part] === name || names.length === 1 ? given.header?.[part] : undefined;
    const at = { ...place, part, name, header, needed: [] };
    tables.push(await measureTable(engine, `table${i}`, at, given).catch(naming(names)));
  }
  return tables;
}

/** Rethrows what is wrong with one of several files, and says how to leave it out. */
const naming = (names: readonly string[]) => (error: unknown) => {
  if (!(error instanceof UserError) || names.length === 1) throw error;
  throw new UserError(
    `${error.message}; if it is no table of the data, move it away, or name one file after init`,
  );
};

function rolesOf(log: Table, others: readonly Table[], { columns }: Given): Roles {
  if (columns !== undefined) {
    const { user, item, time = null } = columns.interactions;
    return { user, item, time, reasons: [] };
  }
  const keys = others.flatMap(({ rows, columns }) => columns.filter((column) => isUnique(column, rows)));
  return chooseRoles(
    log,
    keys.map(({ name }) => name),
  );
}

function idColumnOf(table: Table, name: string): IdColumn {
  const id = table.columns.find((each) => each.name === name);
  if (id !== undefined) return { table, id };
  const names = table.columns.map((each) => each.name).join(', ');
  throw new UserError(
    `${table.label}: expected one of the columns ${names}, found ${quoted(name)} in the card`,
  );
}

type Ids = Readonly<Record<Kind, IdColumn>>;

/** A table whose rows are the users or the items of the interactions. */
interface Link extends IdColumn {
  readonly kind: Kind;
  readonly of: IdColumn;
  /** Share of the users or items that it has. */
  readonly covered: number;
}

const ROLES = { users: 'user', items: 'item' } as const;
/** The least share of the users or items that their table has rows for. */
const ENOUGH = 0.5;
/** Users or items that contradict themselves are mistakes in a field up to this share, and above it say that it is none. */
const FEW_WRONG = 0.05;

/** The files that the card names, then by the names of ids and files, then by the ids in common. */
async function findLinks(
  engine: Engine,
  tables: readonly Table[],
  { roles, ids, given }: { readonly roles: Roles; readonly ids: Ids; readonly given: Given },
): Promise<Link[]> {
  const found: (Link & { readonly merit: number })[] = [];
  for (const table of tables)
    for (const kind of KINDS) {
      const isGiven = given[kind] === table.name;
      const [said] = Object.values((isGiven && given.columns?.[kind]) || {}) as string[];
      for (const id of table.columns) {
        if (said === undefined ? !isUnique(id, table.rows) : id.name !== said) continue;
        const named = said === undefined ? linkScore(table, id, kind, roles) : 3;
        if (named < 0 || (named === 0 && id.numbers >= MOSTLY)) continue;
        const [covered, used] = await coverage(engine, ids[kind], { table, id });
        const isLikely = isGiven || (named > 0 ? covered : covered * used) >= ENOUGH;
        const merit = (isGiven ? 100 : 0) + 10 * named + covered * used;
        if (isLikely) found.push({ kind, table, id, of: ids[kind], covered, merit });
      }
    }
  const chosen: Link[] = [];
  const ranked = found.sort((a, b) => b.merit - a.merit || b.table.columns.length - a.table.columns.length);
  for (const link of ranked)
    if (!chosen.some(({ kind, table }) => kind === link.kind || table === link.table)) chosen.push(link);
  return chosen;
}

/** How well names say that a column has the ids of a kind, from 0 to 3; below 0 where they say the other kind. */
function linkScore({ name: file }: Table, { name }: Column, kind: Kind, roles: Roles): number {
  const role = ROLES[kind];
  const other = role === 'user' ? 'item' : 'user';
  if (name === roles[role]) return 3;
  if (name === roles[other]) return -1;
  const byColumn = Math.sign(nameScore(name, role) - nameScore(name, other));
  if (byColumn !== 0) return 2 * byColumn;
  const words = tokensOf(file.replace(/\..*$/, '')).join(' ');
  return Math.sign(nameScore(words, role) - nameScore(words, other));
}

/** Tasks of the fields in the files of users and items, else in the columns of the interactions. */
async function proposeTasks(engine: Engine, roles: Roles, ids: Ids, links: readonly Link[]) {
  const sizes = await measureSizes(engine, ids.users, ids.items, links);
  const odd: Reason[] = [];
  const fieldsOf = async (kind: Kind, mayBe: (column: Column) => boolean) => {
    const link = links.find((each) => each.kind === kind);
    const place = link ?? ids[kind];
    const taken = link ? [link.id.name] : [roles.user, roles.item, roles.time];
    const fields: Column[] = [];
    for (const column of place.table.columns.filter((each) => !taken.includes(each.name) && mayBe(each))) {
      const { share, first } = await contradictions(engine, place, column);
      if (first === null) fields.push(column);
      else if (share < FEW_WRONG)
        odd.push({
          what: `no field ${column.name}`,
          why: `${ROLES[kind]} ${first}: mend that and run this again`,
        });
    }
    return { place, fields };
  };
  const items = await fieldsOf('items', mayBeDomain);
  const users = await fieldsOf('users', (column) => mayBeLabel(column, sizes.users));
  const domains = [];
  for (const field of items.fields) domains.push(...(await measureDomains(engine, items.place, field)));
  const labels = [];
  for (const field of users.fields) labels.push(await measureLabel(engine, users.place, field));
  const recommend = proposeDomains(sizes, domains);
  const classify = proposeLabels(labels, recommend.tasks);
  const lists: Record<string, string> = {};
  for (const { name, separator } of items.fields) if (separator !== undefined) lists[name] = separator;
  const reasons = [...odd, ...recommend.reasons, ...classify.reasons];
  return { lists, tasks: { ...recommend.tasks, ...classify.tasks }, reasons };
}

/** One map where it holds in all files, else one for each. */
function columnsOf({ user, item, time }: Roles, links: readonly Link[]): object {
  const own = { user, item, time };
  if (links.every(({ kind, id }) => id.name === own[ROLES[kind]])) return own;
  const others = links.map(({ kind, id }) => [kind, { [ROLES[kind]]: id.name }]);
  return { interactions: own, ...Object.fromEntries(others) };
}

const separated = (mark: string) =>
  mark === BRACKETS ? 'its values stand in brackets' : `${quoted(mark)} separates its values`;

const columnNames = ({ columns }: Table) => `with ${columns.map(({ name }) => name).join(', ')}`;

/** Kinds of events that are counted alike. */
const eventsIn = ({ columns }: Table, { user, item, time }: Roles): Reason[] =>
  columns
    .filter(({ name, distinct }) => isEventName(name) && distinct > 1 && distinct <= MOST_EVENTS)
    .filter(({ name }) => ![user, item, time].includes(name))
    .map(({ name, distinct }) => ({
      what: `events: ${name}`,
      why: `${distinct} values, and every row counts as an interaction: remove those that should not`,
    }));

function leftOut(table: Table, log: Table): Reason {
  const target = 'where its items are others it can be a target: data/README.md, A domain a file';
  const why =
    columnNames(table) === columnNames(log)
      ? `it has the columns of ${log.name}: "interactions": "*" or another pattern in the card reads both; ${target}`
      : isLog(table)
        ? `it has users and items as ${log.name} has; ${target}`
        : 'it does not have one row for each of half the users or items of the interactions, or another file fits better';
  return { what: `left out: ${table.name}`, why };
}

function linkReason({ kind, table, id, covered }: Link): Reason {
  const share = covered === 1 ? `all ${kind}` : `${(100 * covered).toFixed(1)} % of the ${kind}`;
  const rest = covered === 1 ? '' : '; interactions of the others are bad rows, so onBadRow is drop';
  return { what: `${kind}: ${table.name}`, why: `its ${id.name} has ${share} of the interactions${rest}` };
}
