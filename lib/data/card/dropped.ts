/** Number of rows, users or targets that a data set or a task leaves out, and why. */
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
