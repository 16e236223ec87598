/** What was measured of tables: all that a proposal is made of. */

export interface ColumnProfile {
  readonly name: string;
  /** Whether its values are lists, as in Parquet and JSON. */
  readonly isList: boolean;
  /** Rows of the table. */
  readonly rows: number;
  /** Those with a value. */
  readonly filled: number;
  readonly distinct: number;
  /** Shares of the filled cells that are numbers, whole numbers and ISO dates. */
  readonly numbers: number;
  readonly wholes: number;
  readonly dates: number;
  /** Of the numbers. */
  readonly least: number;
  readonly greatest: number;
  /** Shares of the filled cells that are a time from 1980 to 2096: seconds, milli-, micro- and nanoseconds since 1970. */
  readonly epochs: readonly number[];
  /** In characters, in the mean. */
  readonly length: number;
  /** Share of the rows whose number or text is not below that of the row before, at the start of the file. */
  readonly rising: number;
  /** Share of the filled cells that are a time of day: 08:15, 8:15:00 pm. */
  readonly clocks: number;
  /** The first cell that is neither a number nor an ISO date, and its line in the file. */
  readonly odd: { readonly cell: string; readonly line: number } | undefined;
  /** Formats of times that nearly all cells have, the likeliest first. */
  readonly formats: readonly TimeFormat[];
  /** What seems to stand between the values of a list; undefined where each cell is one value. */
  readonly separator: string | undefined;
}

export interface TimeFormat {
  readonly format: string;
  /** Share of the rows whose time is not before that of the row before. */
  readonly rising: number;
}

export interface TableProfile {
  /** A file or a pattern, by its name and as messages call it. */
  readonly name: string;
  readonly label: string;
  readonly rows: number;
  /** Whether its columns have the names of its first line. */
  readonly hasHeader: boolean;
  readonly columns: readonly ColumnProfile[];
  /** What holds objects and so is no column. */
  readonly nested: readonly string[];
}

/** A value of a field of items, and who would be in a task whose target domain it is. */
export interface DomainProfile {
  readonly field: string;
  readonly value: string;
  readonly items: number;
  /** A hash of its items: the same where another value has the same ones, as a code and its name do. */
  readonly hash: string;
  readonly interactions: number;
  /** Users who touched it. */
  readonly users: number;
  /** Those of them with at least three other interactions, and with at least one. */
  readonly cold: number;
  readonly barelyCold: number;
  /** Of the users with at least one other interaction: different items of the domain, in the median, and other interactions, nine tenths of the way up. */
  readonly targets: number;
  readonly sources: number;
}

/** A field of users: its values with how many users have each, most frequent first, or the quartiles of a number and its greatest value. */
export interface LabelProfile {
  readonly field: string;
  readonly values: readonly (readonly [value: string, users: number])[];
  readonly distinct: number;
  readonly quartiles: readonly number[] | undefined;
}

/** The interactions as a whole, and what could be told apart in them. */
export interface UseProfile {
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  /** Interactions of a user, in the median and nine tenths of the way up. */
  readonly median: number;
  readonly most: number;
  readonly domains: readonly DomainProfile[];
  readonly labels: readonly LabelProfile[];
}

/** One line of what a proposal says for itself. */
export interface Reason {
  readonly what: string;
  readonly why: string;
}
