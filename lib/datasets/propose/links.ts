import type { Engine } from '../reading/sql/engine';
import type { Reason } from './choose/profile';
import type { Roles } from './choose/roles';
import { isUnique } from './choose/unique';
import { nameScore, tokensOf } from './choose/words';
import { columnOf, type Measured } from './measure/measured';
import { coverage } from './measure/measureUse';

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

/** The tables of users and items: names first, since ids that are numbers occur in many columns, then the ids in common. */
export async function findLinks(engine: Engine, tables: readonly Measured[], roles: Roles): Promise<Link[]> {
  const candidates: (Link & { readonly merit: number })[] = [];
  for (const table of tables) {
    for (const { name } of table.profile.columns.filter(isUnique)) {
      for (const kind of ['users', 'items'] as const) {
        const { covered, used } = await coverage(engine, ...idsOf({ kind, table, column: name }));
        const byName = nameMerit(table, name, kind, roles);
        const isLikely = byName > 0 ? covered >= ENOUGH : byName === 0 && covered * used >= ENOUGH;
        const merit = 10 * byName + covered * used;
        if (isLikely) candidates.push({ kind, table, column: name, covered, merit });
      }
    }
  }
  return bestOf(candidates.sort((a, b) => b.merit - a.merit));
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
export function whyUnlinked(table: Measured, roles: Roles): string {
  for (const kind of ['users', 'items'] as const) {
    const named = table.profile.columns.find(({ name }) => nameMerit(table, name, kind, roles) > 1);
    if (named && !isUnique(named)) return `its ${named.name} comes again, so its rows describe no ${kind}`;
    if (named) return `its ${named.name} has fewer than half of the ${kind}`;
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
