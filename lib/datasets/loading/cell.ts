/** A value of the users or items table. */
export type Cell = string | number | readonly string[] | readonly number[];
