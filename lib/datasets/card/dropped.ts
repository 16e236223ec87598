/** Something a data set holds that no task uses: nothing is left out without being counted here. */
export interface Dropped {
  /** For example 'users' or 'rows of ml-100k.inter'. */
  readonly what: string;
  readonly why: string;
  readonly count: number;
}

/** The notes that have something to report. */
export function counted(...notes: Dropped[]): Dropped[] {
  return notes.filter((note) => note.count > 0);
}
