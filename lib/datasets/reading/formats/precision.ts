/** What a DOUBLE leaves out of a time, so that times that differ would be one. */
export interface Precision {
  /** SQL, true or false, of whether the DOUBLE leaves out a part of the time in a cell. */
  readonly isRounded: (cell: string) => string;
  /** SQL of what tells times apart whose DOUBLE is the same: a DECIMAL, greater for the later one. */
  readonly finer: (cell: string) => string;
}

export const WHOLE: Precision = { isRounded: () => 'false', finer: () => 'NULL::DECIMAL(38, 12)' };

/** Numbers of up to 26 digits before the point and 12 behind it; a DOUBLE holds all that have no more than 15. */
export const OF_NUMBERS: Precision = {
  isRounded: (cell) =>
    `(length(${cell}) > 15 AND coalesce(${decimal(cell)} <> ${decimal(givenBack(cell))}, false))`,
  finer: decimal,
};

/** Dates whose clock has digits beyond the microsecond. */
export const OF_CLOCKS: Precision = {
  isRounded: (cell) => `regexp_matches(${cell}, '\\.[0-9]{6}[0-9]*[1-9]')`,
  finer: (cell) => decimal(`('0.' || regexp_extract(${cell}, '\\.[0-9]{6}([0-9]+)', 1))`),
};

/** Times that SQL reads as nanoseconds, TIMESTAMP_NS. */
export const ofNanoseconds = (read: (cell: string) => string): Precision => ({
  isRounded: (cell) => `coalesce(epoch_ns(${read(cell)}) % 1000 <> 0, false)`,
  finer: (cell) => `CAST(epoch_ns(${read(cell)}) AS DECIMAL(38, 12))`,
});

function decimal(text: string): string {
  return `TRY_CAST(${text} AS DECIMAL(38, 12))`;
}

/** The shortest number that the DOUBLE of a cell stands for. */
function givenBack(cell: string): string {
  return `CAST(TRY_CAST(${cell} AS DOUBLE) AS VARCHAR)`;
}
