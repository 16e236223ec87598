/** A count of what no task uses of a data set: whatever is left out is counted. */
export interface Dropped {
  /** For example 'users' or 'rows of ml-100k.inter'. */
  readonly what: string;
  readonly why: string;
  readonly count: number;
}

/** The notes whose count is above 0. */
export function counted(...notes: Dropped[]): Dropped[] {
  return notes.filter((note) => note.count > 0);
}
