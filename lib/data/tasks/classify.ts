import type { ColumnTable } from 'arquero';
import { inCode, UserError } from '../../base/userError';
import { counted } from '../card/dropped';
import type { ClassifySpec } from '../card/taskSpecs';
import type { Dataset } from '../loading/dataset';
import { historyOf, timesOf } from '../loading/histories';
import type { SourceMembers } from './source';
import { fieldCells, meets, partsAt, requireTable, type Targets } from './targets';

/** Class names and, per row of the users file, its class, or -1 where none fits. */
type Classes = { readonly labels: readonly string[]; readonly classOf: readonly number[] };

/**
 * One instance for each source user with a class, on a timeline of their whole history. `key`: the task's place in the
 * card, for messages; `at`: the time of a timeline.
 */
export function classifyTargets(
  { users, histories }: Dataset,
  { source, readers }: Pick<SourceMembers, 'source' | 'readers'>,
  spec: ClassifySpec,
  { key, at }: { readonly key: string; readonly at: number | undefined },
): Targets {
  const table = requireTable(users, key);
  const { labels, classOf } = spec.classes
    ? conditionClasses(table, spec.classes, key)
    : valueClasses(table, spec.label ?? '', key);
  requireSeveral(labels, classOf, key);
  const rowOf = new Map((table.array('user_id') as string[]).map((id, row) => [id, row]));
  const whole = [...readers.entries()].filter(
    ([, { user, upTo }]) => upTo === historyOf(histories, user).length,
  );
  const instances = whole
    .map(([user]) => ({ user, label: classOf[rowOf.get(source.users[user]) as number] }))
    .filter(({ label }) => label >= 0);
  const last = ({ user }: { user: number }) => timesOf(histories, readers[user].user).at(-1) as number;
  const unmatched = whole.length - instances.length;
  const dropped = counted({ what: 'users', why: 'in none of the classes', count: unmatched });
  const parts = at === undefined ? {} : { parts: partsAt(instances.map(last), at) };
  return { labels, instances, known: [], ...parts, dropped };
}

/** Throws a UserError where fewer than 2 classes have users. */
function requireSeveral(labels: readonly string[], classOf: readonly number[], key: string): void {
  const there = new Set(classOf);
  const nobody = labels.filter((_, label) => !there.has(label)).map((label) => inCode(label));
  if (labels.length - nobody.length >= 2) return;
  const found = nobody.length > 0 ? `nobody in ${nobody.join(', ')}` : `${labels.length}`;
  const expected = 'expected users in at least 2 classes, each in the first that fits';
  throw new UserError(`${key}: ${expected}, found ${found}`);
}

/** The distinct values of a user field, sorted; a missing value is no class. */
function valueClasses(users: ColumnTable, label: string, key: string): Classes {
  const cells = fieldCells(users, label, `${key}.label`);
  if (cells.some((cell) => typeof cell === 'object'))
    throw new UserError(
      `${key}.label: expected a field with one value per user, found the sequence "${label}"`,
    );
  const values = cells.map((cell) => (Number.isNaN(cell) ? '' : String(cell)));
  const labels = [...new Set(values)].filter((value) => value !== '').sort();
  const unprintable = labels.find((value) => /\p{Cc}/u.test(value));
  if (unprintable !== undefined) {
    const expected = 'expected values without tabs and other control characters';
    throw new UserError(`${key}.label: ${expected}, found ${inCode(unprintable)} in "${label}"`);
  }
  const index = new Map(labels.map((value, i) => [value, i]));
  return { labels, classOf: values.map((value) => index.get(value) ?? -1) };
}

/** The first class whose conditions a user meets. */
function conditionClasses(
  users: ColumnTable,
  classes: NonNullable<ClassifySpec['classes']>,
  key: string,
): Classes {
  const tests = classes.map(({ where }, c) =>
    Object.entries(where).map(([field, condition]) => {
      const cells = fieldCells(users, field, `${key}.classes.${c}.where`);
      return (row: number) => meets(cells[row], condition);
    }),
  );
  const rows = Array.from({ length: users.numRows() }, (_, row) => row);
  return {
    labels: classes.map(({ name }) => name),
    classOf: rows.map((row) => tests.findIndex((conditions) => conditions.every((met) => met(row)))),
  };
}
