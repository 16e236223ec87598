/** The values of a key in their order, each with its rows. */
export const grouped = <Row, Key>(rows: readonly Row[], key: (row: Row) => Key): [Key, Row[]][] =>
  [...new Set(rows.map(key))].map((value) => [value, rows.filter((row) => key(row) === value)]);
