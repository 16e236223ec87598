import type { ColumnProfile } from './profile';

/** Whether hardly a value of a column comes again. */
export function isUnique(column: ColumnProfile | undefined): boolean {
  return column !== undefined && column.distinct >= 0.95 * column.rows;
}
