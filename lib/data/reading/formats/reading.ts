import type { Dropped } from '../../card/dropped';

/** Files of a data set as read, before anything is built from them. */

export type FieldType = 'token' | 'token_seq' | 'float' | 'float_seq' | 'time' | 'flag';

/** A users or items file that fits in memory, as texts. */
export interface TextTable {
  readonly fields: readonly { readonly name: string; readonly type: FieldType }[];
  /** Between the values of a sequence. */
  readonly separator: string;
  /** A field's cells, in the order of the file. */
  readonly columns: readonly (readonly string[])[];
}

export type Times = 'numbers' | 'dates';

/** All interactions, user by user, oldest first. */
export interface Encoded {
  /** Ids by first appearance in the file. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  /** Interactions of each user. */
  readonly counts: Int32Array;
  /** Per interaction its item, as a place in `items`. */
  readonly itemAt: Int32Array;
  /** Per interaction its time, as `times` gives it; only where a card has a timeline. */
  readonly timeAt?: Float64Array;
  /** Whether times are the file's numbers or dates, these in microseconds since 1970. */
  readonly times?: Times;
}

export interface Reading {
  readonly interactions: Encoded;
  readonly users: TextTable | undefined;
  readonly items: TextTable | undefined;
  readonly dropped: readonly Dropped[];
}
