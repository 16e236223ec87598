import type { ColumnTable } from 'arquero';
import { shown, UserError } from '../../base/userError';
import { counted } from '../card/dropped';
import type { ClassifySpec } from '../card/taskSpecs';
import type { Cell } from '../loading/dataset';
import type { TextTable } from '../reading/formats/reading';
import { fieldCells, meets } from './conditions';
import type { Source } from './source';
import type { Instance, Targets } from './targets';

/** Class names and, per row of the users file, its class, or -1 where none fits. */
interface Classes {
  readonly labels: readonly string[];
  readonly classOf: readonly number[];
}

/**
 * One instance for each source user at `places` with a class. `key`: the task's place in the card, for messages; `texts`: the users'
 * cells as written, which name classes that are values.
 */
export function classifyTargets(
  users: ColumnTable,
  { users: sourceUsers }: Pick<Source, 'users'>,
  spec: ClassifySpec,
  { key, texts }: { readonly key: string; readonly texts: TextTable | undefined },
  places: readonly number[] = [...sourceUsers.keys()],
): Targets {
  const { labels, classOf } = spec.classes
    ? conditionClasses(users, spec.classes, key)
    : valueClasses(users, spec, { key, texts });
  requireSeveral(labels, classOf, key);
  const rowOf = new Map((users.array('user_id') as string[]).map((id, row) => [id, row]));
  const instances: Instance[] = [];
  for (const user of places) {
    const label = classOf[rowOf.get(sourceUsers[user]) as number];
    if (label >= 0) instances.push({ user, label });
  }
  const unmatched = places.length - instances.length;
  const dropped = counted({ what: 'users', why: 'in none of the classes', count: unmatched });
  return { labels, instances, known: [], dropped };
}

/** Throws a UserError where fewer than 2 classes have users. */
function requireSeveral(labels: readonly string[], classOf: readonly number[], key: string): void {
  const there = new Set(classOf);
  const nobody = labels.filter((_, label) => !there.has(label)).map((label) => shown(label));
  if (labels.length - nobody.length >= 2) return;
  const found = nobody.length > 0 ? `nobody in ${nobody.join(', ')}` : `${labels.length}`;
  const expected = 'expected users in at least 2 classes, each in the first that fits';
  throw new UserError(`${key}: ${expected}, found ${found}`);
}

/** The distinct values of a user field, sorted, each named as first written; a missing value is no class. */
function valueClasses(
  users: ColumnTable,
  { label = '' }: ClassifySpec,
  { key, texts }: { readonly key: string; readonly texts: TextTable | undefined },
): Classes {
  const cells = fieldCells(users, label, `${key}.label`);
  if (cells.some((cell) => typeof cell === 'object')) {
    throw new UserError(
      `${key}.label: expected a field with one value per user, found the sequence "${label}"`,
    );
  }
  const written = texts?.columns[texts.fields.findIndex(({ name }) => name === label)];
  const names = new Map<Cell, string>();
  const values = cells.map((cell, row) => {
    if (Number.isNaN(cell)) return '';
    const name = names.get(cell) ?? written?.[row] ?? String(cell);
    names.set(cell, name);
    return name;
  });
  const labels = [...new Set(values)].filter((value) => value !== '').sort();
  const unprintable = labels.find((value) => /\p{Cc}/u.test(value));
  if (unprintable !== undefined) {
    const expected = 'expected values without tabs and other control characters';
    throw new UserError(`${key}.label: ${expected}, found ${shown(unprintable)} in "${label}"`);
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
      return (row: number) => meets(cells[row] as Cell, condition);
    }),
  );
  const rows = Array.from({ length: users.numRows() }, (_, row) => row);
  return {
    labels: classes.map(({ name }) => name),
    classOf: rows.map((row) => tests.findIndex((conditions) => conditions.every((met) => met(row)))),
  };
}
