import { join } from 'node:path';
import { UserError } from '../../base/userError';
import type { Given } from '../card/card';
import type { Engine } from '../reading/sql/engine';
import { requireFormat } from '../reading/tables/forms';
import type { SheetPlace } from '../reading/tables/sheet';
import { findLinks, type IdColumn, idColumnOf, type Link, ROLE_OF, requireOne } from './links';
import { type Column, measureTable, separatorOf, type Table } from './measure';
import { chooseRoles, isLog, namesOf, type Reason, type Roles } from './roles';
import { proposeDomain, proposeLabels } from './tasks';
import { contradiction, type Domain, measureDomains, measureLabel, measureSizes } from './use';
import { isNamed } from './words';

const PARTS = ['interactions', 'users', 'items'] as const;

/** Tables by their names, files or patterns. */
export type Search = {
  readonly place: Pick<SheetPlace, 'folder' | 'work' | 'encoding' | 'onBadRow'>;
  readonly names: readonly string[];
  readonly given: Given;
  /** Reports the next step: millions of rows take their time. */
  readonly report: (what: string) => void;
};

/**
 * Measures tables and proposes the keys of a card, with a reason for each. The log is the table that the card names, else
 * the largest that has users and items by name. Throws a UserError for what is damaged, and where names leave a choice.
 */
export async function propose(engine: Engine, search: Search) {
  const { given, report } = search;
  const tables = await measureTables(engine, search);
  const largest = [...tables].sort((a, b) => b.rows - a.rows);
  const log = tables.find(({ name }) => name === given.interactions) ?? largest.find(isLog) ?? largest[0];
  const others = tables.filter((table) => table !== log);
  if (given.interactions === undefined)
    requireOne('interactions', [
      log,
      ...others.filter((table) => namesOf(table.columns) === namesOf(log.columns)),
    ]);
  const { reasons: why, ...roles } = given.columns
    ? { ...(given.columns.interactions as Roles), reasons: [] }
    : chooseRoles(log);
  report('looking for users, items, a target domain and labels');
  const links = findLinks(others, roles, given);
  const { tasks, lists, reasons } = await proposeTasks(engine, { log, roles, links, given });
  const left = others.filter((other) => !links.some(({ table }) => table === other));
  return {
    card: {
      interactions: log.name,
      ...Object.fromEntries(links.map(({ kind, table }) => [kind, table.name])),
      columns: columnsOf(roles, links),
      lists: Object.keys(lists).length > 0 ? lists : undefined,
      tasks,
    },
    reasons: [
      {
        what: `interactions: ${log.name}`,
        why: `${log.rows.toLocaleString('en-US')} rows, with ${namesOf(log.columns)}`,
      },
      ...left.map(({ name }) => ({ what: `left out: ${name}`, why: LEFT_OUT })),
      ...why,
      ...links.map(({ kind, table, id }) => ({ what: `${kind}: ${table.name}`, why: `by its ${id.name}` })),
      ...Object.entries(lists).map(([field, mark]) => ({
        what: `list: ${field}`,
        why: `separated by ${mark}`,
      })),
      ...reasons,
    ],
  };
}

const LEFT_OUT = 'its names do not say that it has a row for each user or item';

async function measureTables(engine: Engine, { place, names, given, report }: Search): Promise<Table[]> {
  if (given.timeFormat !== undefined)
    await requireFormat(engine, given.timeFormat, join(place.folder.path, 'dataset.json'));
  const tables: Table[] = [];
  for (const [i, name] of names.entries()) {
    report(`reading ${name}`);
    const part = PARTS.find((each) => given[each] === name) ?? 'interactions';
    const header = given[part] === name || names.length === 1 ? given.header?.[part] : undefined;
    const at = { ...place, part, name, header, needed: [] };
    tables.push(await measureTable(engine, `table${i}`, at).catch(naming(names)));
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

type Found = {
  readonly log: Table;
  readonly roles: Roles;
  readonly links: readonly Link[];
  readonly given: Given;
};

/** Tasks of the fields in the files of users and items, else in the columns of the interactions. */
async function proposeTasks(engine: Engine, { log, roles, links, given }: Found) {
  const sizes = await measureSizes(engine, idColumnOf(log, roles.user), idColumnOf(log, roles.item));
  const odd: Reason[] = [];
  const fieldsOf = async (kind: Link['kind'], as: 'domain' | 'label') => {
    const place: IdColumn = links.find((each) => each.kind === kind) ?? idColumnOf(log, roles[ROLE_OF[kind]]);
    const taken = [place.id.name, ...(place.table === log ? [roles.user, roles.item, roles.time] : [])];
    const fields: Column[] = [];
    for (const column of place.table.columns) {
      if (taken.includes(column.name) || !isNamed(column.name, as) || column.distinct < 2) continue;
      const found = await contradiction(engine, place, column);
      if (found === undefined) fields.push(column);
      else odd.push({ what: `no field ${column.name}`, why: `${ROLE_OF[kind]} ${found}` });
    }
    return { place, fields };
  };
  const items = await fieldsOf('items', 'domain');
  const users = await fieldsOf('users', 'label');
  const lists: Record<string, string> = {};
  const domains: Domain[] = [];
  for (const field of items.fields) {
    const own = Object.hasOwn(given.lists ?? {}, field.name) ? given.lists?.[field.name] : undefined;
    const separator = given.lists ? own : await separatorOf(engine, items.place.table.sql, field);
    if (separator !== undefined) lists[field.name] = separator;
    domains.push(...(await measureDomains(engine, items.place, field, separator)));
  }
  const recommend = proposeDomain(sizes, domains);
  const labels = [];
  for (const field of users.fields.filter(({ isList }) => !isList))
    labels.push(await measureLabel(engine, users.place, field));
  const classify = proposeLabels(labels, Object.keys(recommend.tasks)[0]);
  const reasons = [...odd, ...recommend.reasons, ...classify.reasons];
  return { lists, tasks: { ...recommend.tasks, ...classify.tasks }, reasons };
}

/** One map where it holds in all files, else one for each. */
function columnsOf({ user, item, time }: Roles, links: readonly Link[]): object {
  const own = { user, item, time };
  if (links.every(({ kind, id }) => id.name === own[ROLE_OF[kind]])) return own;
  const others = links.map(({ kind, id }) => [kind, { [ROLE_OF[kind]]: id.name }]);
  return { interactions: own, ...Object.fromEntries(others) };
}
