/** The files of users and items beside the interactions. */
import { UserError } from '../../base/userError';
import type { Given } from '../card/card';
import { quoted } from '../card/textFile';
import type { Engine } from '../reading/sql/engine';
import { type Column, isUnique, type Table } from './measure';
import { asked, namesOf, type Reason, type Roles } from './roles';
import { isNamed } from './words';

/** A table and the column of its ids. */
export type IdColumn = { readonly table: Table; readonly id: Column };

/** A table with one row for each user or item of the interactions. */
export interface Link extends IdColumn {
  readonly kind: 'users' | 'items';
  /** Share of the users or items that it has. */
  readonly covered: number;
}

export const ROLE_OF = { users: 'user', items: 'item' } as const;

/** A column by its name. Throws a UserError that lists the columns there are. */
export function idColumnOf(table: Table, name: string): IdColumn {
  const id = table.columns.find((each) => each.name === name);
  if (id !== undefined) return { table, id };
  throw new UserError(
    `${table.label}: expected one of the columns ${namesOf(table.columns)}, found ${quoted(name)} in the card`,
  );
}

/** The files that the card names, else those whose ids are called as in the interactions or as a user or item. */
export async function findLinks(
  engine: Engine,
  log: Table,
  others: readonly Table[],
  { roles, given }: { readonly roles: Roles; readonly given: Given },
): Promise<Link[]> {
  const links: Link[] = [];
  for (const kind of ['users', 'items'] as const) {
    const role = ROLE_OF[kind];
    const [said] = Object.values(given.columns?.[kind] ?? {}) as string[];
    const isId = ({ name }: Column) => name === (said ?? roles[role]);
    const isLikeId = ({ name }: Column) => said === undefined && isNamed(name, role);
    const found = others.flatMap((table): IdColumn[] => {
      const ids = table.columns.filter((column) => isUnique(column, table.rows));
      const id =
        table.columns.find((column) => isId(column) && isUnique(column, table.rows)) ?? ids.find(isLikeId);
      return id && (given[kind] ?? table.name) === table.name ? [{ table, id }] : [];
    });
    if (found.length > 1)
      throw new UserError(
        `expected one file of ${kind}, found ${found.map(({ table }) => table.name).join(', ')}: ${asked(`"${kind}": …`)}`,
      );
    for (const each of found) {
      const covered = await coverage(engine, idColumnOf(log, roles[role]), each);
      if (covered >= ENOUGH || given[kind] !== undefined) links.push({ ...each, kind, covered });
    }
  }
  return links;
}

/** The least share of the users or items that their table has rows for. */
const ENOUGH = 0.5;

/** Share of the ids of interactions that a file lists. */
async function coverage(engine: Engine, of: IdColumn, { table, id }: IdColumn): Promise<number> {
  const own = `SELECT DISTINCT ${of.id.sql} AS id FROM ${of.table.sql} WHERE ${of.id.sql} <> ''`;
  const [[share]] = await engine.rows(
    `SELECT avg((id IN (SELECT ${id.sql} FROM ${table.sql}))::INTEGER)::DOUBLE FROM (${own})`,
  );
  return share as number;
}

export function linkReason({ kind, table, id, covered }: Link): Reason {
  const share = covered === 1 ? `all ${kind}` : `${(100 * covered).toFixed(1)} % of the ${kind}`;
  const rest = covered === 1 ? '' : '; interactions of the others are bad rows, so onBadRow is drop';
  return { what: `${kind}: ${table.name}`, why: `its ${id.name} has ${share} of the interactions${rest}` };
}
