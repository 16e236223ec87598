/** What a file of rows looks like. */

export type FieldType = 'token' | 'token_seq' | 'float' | 'float_seq' | 'time' | 'flag';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Whether a cell may not be empty. */
  readonly required: boolean;
}

export interface Layout {
  /** In the order of the cells. */
  readonly fields: readonly Field[];
  /** Between the cells of a line of checked text. */
  readonly delimiter: string;
  /** What messages call the cells, for example 'tab-separated fields'. */
  readonly cells: string;
  /** Between the values of a sequence. */
  readonly separator: string;
  readonly headerLines: 0 | 1;
}

/** Something that a cell has to be. */
export interface Check {
  readonly column: string;
  readonly expected: string;
  /** SQL over the list `cells`, true where the cell is not what it has to be; absent where a query marks the rows. */
  readonly bad?: string;
}

const NUMBER = '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?';

const notNumber = (cell: string) =>
  `NOT (regexp_full_match(${cell}, '${NUMBER}') AND coalesce(isfinite(TRY_CAST(${cell} AS DOUBLE)), false))`;

/** What cells of a type have to be, as SQL for where they are not. */
const TYPE_CHECKS: Readonly<Record<FieldType, (cell: string) => readonly (readonly [string, string])[]>> = {
  token: () => [],
  token_seq: () => [],
  float: (cell) => [['a number', notNumber(cell)]],
  float_seq: (cell) => [
    [
      'numbers separated by spaces',
      `NOT regexp_full_match(${cell}, ' *(${NUMBER}( +${NUMBER})*)? *')
       OR list_contains(list_transform(regexp_extract_all(${cell}, '${NUMBER}'), n -> coalesce(isfinite(TRY_CAST(n AS DOUBLE)), false)), false)`,
    ],
  ],
  time: (cell) => [
    ['a number', notNumber(cell)],
    ['a time of at least 0', `CAST(${cell} AS DOUBLE) < 0`],
  ],
  flag: (cell) => [['0 or 1', `${cell} NOT IN ('0', '1')`]],
};

/** All checks of a layout, in the order of the cells: a row is named by the first that fails. */
export function checksOf({ fields }: Layout): Check[] {
  return fields.flatMap(({ name, type, required }, c) => {
    const cell = `cells[${c + 1}]`;
    const empty: readonly (readonly [string, string])[] = required ? [['a value', `${cell} = ''`]] : [];
    return [...empty, ...TYPE_CHECKS[type](cell)].map(([expected, bad]) => ({ column: name, expected, bad }));
  });
}

/** Fields that queries name; the names of all others are the data's and stay out of the SQL. */
const NAMED = ['user_id', 'item_id', 'timestamp', 'click', 'gender', 'age', 'video_category'];

/** The SQL name of the field in the place `c` of a layout. */
export function columnName(field: Field, c: number): string {
  return NAMED.includes(field.name) ? field.name : `field${c}`;
}

/** The SQL of the value that a cell holds: a time as DOUBLE, everything else as its text. */
export function valueSql(type: FieldType, c: number): string {
  return type === 'time' ? `TRY_CAST(cells[${c + 1}] AS DOUBLE)` : `cells[${c + 1}]`;
}
