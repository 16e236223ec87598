import { UserError } from '../../userError';
import { quoted } from '../card/textFile';
import type { Engine } from '../reading/sql/engine';
import { mayBeDomain, mayBeLabel } from './choose/fieldColumns';
import type { ColumnProfile, Reason } from './choose/profile';
import type { Roles } from './choose/roles';
import { FEW } from './choose/time';
import { isUnique } from './choose/unique';
import { nameScore, tokensOf } from './choose/words';
import { columnOf, type Measured } from './measure/measured';
import { coverage, sameNumbers } from './measure/measureUse';

/** A table whose rows are the users or items of the interactions. */
export interface Link {
  readonly kind: 'users' | 'items';
  readonly table: Measured;
  /** Its column of ids. */
  readonly column: string;
  /** Share of the users or items that it has. */
  readonly covered: number;
}

const ENOUGH = 0.5;

interface Candidate extends Link {
  readonly merit: number;
  /** How many of its columns tell domains or profiles apart. */
  readonly telling: number;
}

/**
 * The tables of users and items: names first, since ids that are numbers occur in many columns, then the ids in common, then
 * what they tell of these.
 */
export async function findLinks(engine: Engine, tables: readonly Measured[], roles: Roles): Promise<Link[]> {
  const candidates: Candidate[] = [];
  for (const table of tables) {
    for (const { name } of table.profile.columns.filter(isUnique)) {
      for (const kind of ['users', 'items'] as const) {
        const { covered, used } = await coverage(engine, ...idsOf({ kind, table, column: name }));
        const byName = nameMerit(table, name, kind, roles);
        const mayBe = byName === 0 && !isOfOthers(table, kind, roles);
        const isLikely = byName > 0 ? covered >= ENOUGH : mayBe && covered * used >= ENOUGH;
        const merit = 10 * byName + covered * used;
        const telling = tellingIn(table, kind);
        if (isLikely) candidates.push({ kind, table, column: name, covered, merit, telling });
      }
    }
  }
  return bestOf(candidates.sort((a, b) => b.merit - a.merit || b.telling - a.telling));
}

/** Whether a table has a row for each of the others, by a name: a number in it is no id of these, even if it could be one. */
function isOfOthers(table: Measured, kind: Link['kind'], roles: Roles): boolean {
  const others = kind === 'users' ? 'items' : 'users';
  return table.profile.columns.some(
    (column) => isUnique(column) && nameMerit(table, column.name, others, roles) > 1,
  );
}

function tellingIn({ profile }: Measured, kind: Link['kind']): number {
  const tells = (column: ColumnProfile) =>
    kind === 'items' ? mayBeDomain(column) : mayBeLabel(column, profile.rows);
  return profile.columns.filter(tells).length;
}

/** Throws a UserError where the users are none by their name but what another file has one for each of: orders. */
export function requireOwnUsers({ profile }: Measured, { user }: Roles, links: readonly Link[]): void {
  const link = links.find(({ kind }) => kind === 'users');
  if (link === undefined || nameScore(user, 'user') > 0) return;
  const owner = link.table.profile.columns.find(
    (column) => nameScore(column.name, 'user') >= 3 && column.distinct > FEW && !isUnique(column),
  );
  if (owner === undefined) return;
  throw new UserError(
    `${profile.label}: expected a column of users, found ${user}, whose ${owner.name} stands in ${link.table.profile.name}: join the two files by it, or write "columns": { "user": ${JSON.stringify(user)}, "item": …, "time": … } into a dataset.json beside it and run this again`,
  );
}

/** The side of the interactions that a table is about, and the SQL of its ids. */
export function idsOf({ kind, table, column }: Omit<Link, 'covered'>) {
  const ids = { table: table.open.part.name, id: columnOf(table, column) };
  return [kind === 'users' ? 'who' : 'what', ids] as const;
}

/** Each table and each kind once. */
function bestOf(candidates: readonly Link[]): Link[] {
  const chosen: Link[] = [];
  for (const link of candidates) {
    if (!chosen.some(({ kind, table }) => kind === link.kind || table === link.table)) chosen.push(link);
  }
  return chosen;
}

function nameMerit({ profile }: Measured, column: string, kind: Link['kind'], roles: Roles): number {
  const [role, other] = kind === 'users' ? (['user', 'item'] as const) : (['item', 'user'] as const);
  if (column === roles[role]) return 3;
  if (column === roles[other]) return -3;
  const byColumn = nameScore(column, role) - nameScore(column, other);
  if (byColumn !== 0) return Math.sign(byColumn) * 2;
  const file = tokensOf(profile.name.replace(/\..*$/, '')).join(' ');
  return Math.sign(nameScore(file, role) - nameScore(file, other));
}

/** Why a table is taken for that of neither users nor items. */
export async function whyUnlinked(
  engine: Engine,
  table: Measured,
  { roles, links }: { readonly roles: Roles; readonly links: readonly Link[] },
): Promise<string> {
  for (const kind of ['users', 'items'] as const) {
    const named = table.profile.columns.find(({ name }) => nameMerit(table, name, kind, roles) > 1);
    const other = links.find((link) => link.kind === kind);
    if (named === undefined) continue;
    if (!isUnique(named)) return `its ${named.name} comes again, so its rows describe no ${kind}`;
    if (other) return `${other.table.profile.name} is taken for the file of the ${kind}`;
    const { share, here, there } = await sameNumbers(engine, ...idsOf({ kind, table, column: named.name }));
    if (share >= ENOUGH)
      return `its ${named.name} has ${quoted(there)} for ${quoted(here)}, so as texts the ids differ: write them alike`;
    return `its ${named.name} has fewer than half of the ${kind}`;
  }
  return 'no column of it has the users or the items';
}

export function linkReason({ kind, table, column, covered }: Link): Reason {
  const all = covered === 1 ? `all ${kind}` : `${(100 * covered).toFixed(1)} % of the ${kind}`;
  const rest = covered === 1 ? '' : '; interactions of the others would be bad rows, so onBadRow is drop';
  return {
    what: `${kind}: ${table.profile.name}`,
    why: `its ${column} has ${all} of the interactions${rest}`,
  };
}
