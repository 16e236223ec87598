import type { ColumnTable } from 'arquero';
import type { Dataset } from '../loading/dataset';
import type { Cell } from '../loading/profile';
import { ID_OF } from '../reading/tables/roles';

/** A field that tasks may use, with the type that was read or found. */
export interface FieldDescription {
  readonly of: 'users' | 'items';
  readonly field: string;
  readonly type: 'number' | 'token' | 'list';
}

/** The fields of users and items but for their own ids. */
export function describeFields(dataset: Pick<Dataset, 'users' | 'items'>): FieldDescription[] {
  return (['users', 'items'] as const).flatMap((of) => {
    const table = dataset[of];
    const names = table?.columnNames().filter((name) => name !== ID_OF[of]) ?? [];
    return names.map((field) => ({ of, field, type: typeOf(table as ColumnTable, field) }));
  });
}

function typeOf(table: ColumnTable, field: string): FieldDescription['type'] {
  const first = table.get(field, 0) as Cell;
  if (typeof first === 'number') return 'number';
  return typeof first === 'string' ? 'token' : 'list';
}
