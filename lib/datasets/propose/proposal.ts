import { join } from 'node:path';
import { UserError } from '../../userError';
import type { Card } from '../card/card';
import type { Engine } from '../reading/sql/engine';
import { BRACKETS } from '../reading/tables/brackets';
import { requireFormat } from '../reading/tables/dates';
import { kindOf } from '../reading/tables/openSheet';
import { proposedCard } from './assemble';
import { type ProposedTasks, proposeDomains } from './choose/domains';
import { proposeLabels } from './choose/labels';
import type { Reason, UseProfile } from './choose/profile';
import { chooseRoles, hasInteractions, type Roles } from './choose/roles';
import { requireOneTime, requireTime } from './choose/time';
import { sharedPattern } from './files';
import { findLinks, idsOf, type Link, linkReason, requireOwnUsers, whyUnlinked } from './links';
import { columnOf, type Measured } from './measure/measured';
import { measureTable } from './measure/measureTable';
import { idsWithFraction, keepListed, makePairs, measureSizes } from './measure/measureUse';
import { openTable, type TablePlace } from './measure/openTable';
import { measureFields } from './measureFields';

/** A card and a line on each choice. */
export interface Proposal {
  readonly card: Readonly<Record<string, unknown>>;
  readonly reasons: readonly Reason[];
}

/** What a card that is there already says: it is believed. */
export type Given = Partial<
  Pick<
    Card,
    | 'format'
    | 'encoding'
    | 'interactions'
    | 'users'
    | 'items'
    | 'columns'
    | 'header'
    | 'lists'
    | 'timeFormat'
    | 'onBadRow'
  >
>;

/** What is looked at: tables by their names, files or patterns. */
export type Looking = {
  readonly place: TablePlace;
  readonly names: readonly string[];
  readonly given: Given;
  /** Told what is done next: with millions of rows each takes its time. */
  readonly said: (what: string) => void;
};

/** Looks at tables and proposes a card; throws a UserError for what is damaged or cannot be told. */
export async function propose(engine: Engine, looking: Looking): Promise<Proposal> {
  const { given, said } = looking;
  const tables = await measureTables(engine, looking);
  const interactions = chooseInteractions(tables, given);
  const others = tables.filter((table) => table !== interactions);
  const roles = rolesOf(interactions, others, given);
  await makePairs(engine, {
    table: interactions.open.part.name,
    user: columnOf(interactions, roles.user),
    item: columnOf(interactions, roles.item),
  });
  if (given.columns === undefined) await requireIdsAlike(engine, interactions, roles);
  said('looking for users, items, target domains and labels');
  const links = await linksOf(engine, others, roles, given);
  if (given.columns === undefined) requireOwnUsers(interactions, roles, links);
  for (const link of links.filter(({ covered }) => covered < 1)) await keepListed(engine, ...idsOf(link));
  const sizes = await measureSizes(engine);
  const fields = await measureFields(engine, interactions, { roles, links, users: sizes.users });
  const { tasks, reasons } = proposeTasks({ ...sizes, ...fields });
  const leftOut: Reason[] = [];
  for (const table of others.filter((other) => !links.some((link) => link.table === other)))
    leftOut.push(await leftOutReason(engine, table, interactions, { roles, links }));
  const { lists } = fields;
  return {
    card: proposedCard({
      interactions,
      roles,
      links,
      lists,
      tasks,
      renames: !given.columns && !given.header,
    }),
    reasons: [
      interactionsReason(interactions),
      ...leftOut,
      ...roles.reasons,
      ...links.map(linkReason),
      ...Object.entries(lists).map(listReason),
      ...reasons,
      ...fields.unused,
    ],
  };
}

/** Throws a UserError where numbers of users or items are written in two ways: as texts they are two. */
async function requireIdsAlike(engine: Engine, { profile }: Measured, { user, item }: Roles): Promise<void> {
  for (const [own, name] of [
    ['who', user],
    ['what', item],
  ] as const) {
    const twice = await idsWithFraction(engine, own);
    if (twice === undefined) continue;
    throw new UserError(
      `${profile.label}, column ${name}: expected each id written in one way, found ${twice.id} and ${twice.id}.0, and ${twice.count} such in all: write them alike, or write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it, where they are to be two, and run this again`,
    );
  }
}

/** Recommendation tasks, and profile tasks that share the source of the first. */
function proposeTasks(use: UseProfile): ProposedTasks {
  const recommend = proposeDomains(use);
  const names = Object.keys(recommend.tasks);
  const classify = proposeLabels(use.labels, names[0], names);
  return {
    tasks: { ...recommend.tasks, ...classify.tasks },
    reasons: [...recommend.reasons, ...classify.reasons],
  };
}

async function measureTables(engine: Engine, { place, names, given, said }: Looking): Promise<Measured[]> {
  const parts = ['interactions', 'users', 'items'] as const;
  const card = join(place.folder.path, 'dataset.json');
  if (given.timeFormat !== undefined) await requireFormat(engine, given.timeFormat, card);
  const tables: Measured[] = [];
  for (const [i, name] of names.entries()) {
    said(`reading ${name}`);
    const part = parts.find((each) => given[each] === name);
    const header = part && given.header?.[part];
    const looked = { name, key: part ?? 'interactions', table: `table${i}`, header };
    const open = await openTable(engine, place, looked);
    tables.push({ open, profile: await measureTable(engine, open, given) });
  }
  return tables;
}

/** The largest table with users and items that come again; where there is none, the largest says what it lacks. */
function chooseInteractions(tables: readonly Measured[], given: Given): Measured {
  const named = tables.find(({ profile }) => profile.name === given.interactions);
  if (named !== undefined) return named;
  const largest = [...tables].sort((a, b) => b.profile.rows - a.profile.rows);
  return largest.find(({ profile }) => hasInteractions(profile)) ?? largest[0];
}

function rolesOf({ profile }: Measured, others: readonly Measured[], { columns }: Given): Roles {
  if (columns === undefined) {
    requireOneTime(profile);
    const roles = chooseRoles(
      profile,
      others.map((table) => table.profile),
    );
    requireTime(profile, roles.time);
    return roles;
  }
  const { user, item, time = null } = columns.interactions;
  return { user, item, time, timeFormat: undefined, reasons: [] };
}

/** The files of users and items that the card names, and those that are found. */
async function linksOf(
  engine: Engine,
  tables: readonly Measured[],
  roles: Roles,
  given: Given,
): Promise<Link[]> {
  const found = await findLinks(engine, tables, roles);
  const named = (['users', 'items'] as const).flatMap((kind) => {
    const table = tables.find(({ profile }) => profile.name === given[kind]);
    if (table === undefined) return [];
    const column = kind === 'users' ? given.columns?.users?.user : given.columns?.items?.item;
    const likely =
      found.find((link) => link.table === table)?.column ?? (kind === 'users' ? roles.user : roles.item);
    return [{ kind, table, column: column ?? likely, covered: 1 }];
  });
  const isNew = (link: Link) => !named.some(({ kind, table }) => kind === link.kind || table === link.table);
  return [...named, ...found.filter(isNew)];
}

function interactionsReason({ profile }: Measured): Reason {
  const names = profile.columns.map(({ name }) => name).join(', ');
  const named = kindOf(profile.name) === 'text' ? 'whose first line names' : 'with';
  const header = profile.hasHeader ? `, ${named} ${names}` : ', without a header';
  return {
    what: `interactions: ${profile.name}`,
    why: `${profile.rows.toLocaleString('en-US')} rows${header}`,
  };
}

/** Why a table is left out. */
async function leftOutReason(
  engine: Engine,
  table: Measured,
  interactions: Measured,
  known: Parameters<typeof whyUnlinked>[2],
): Promise<Reason> {
  const what = `left out: ${table.profile.name}`;
  const columnsOf = ({ profile }: Measured) => profile.columns.map(({ name }) => name).join('\n');
  if (columnsOf(table) !== columnsOf(interactions))
    return { what, why: await whyUnlinked(engine, table, known) };
  const both = sharedPattern([table.profile.name, interactions.profile.name]);
  return {
    what,
    why: `it has the columns of ${interactions.profile.name}: "interactions": "${both}" would read one after the other`,
  };
}

function listReason([field, between]: readonly [string, string]): Reason {
  const why = between === BRACKETS ? 'stand in brackets' : `are separated by ${JSON.stringify(between)}`;
  return { what: `list: ${field}`, why: `its values ${why}` };
}
