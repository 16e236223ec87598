import type { FieldType, TextTable } from './reading';

/** Layout of a file of rows, and how it is used. */

export type PartName = 'interactions' | 'users' | 'items';

/** Names of the ids of users and items, which no other field of theirs can have. */
export const ID_OF = { users: 'user_id', items: 'item_id' } as const;

/** How interactions, users and items are made of checked rows. */
export interface Use {
  /** SQL by which a user's interactions are ordered, before the order of the file; absent: time. */
  readonly order?: string;
  /** SQL of the rows that are interactions; absent: all. */
  readonly condition?: string;
  /** Fields of the interactions that belong to the user or the item, where these have no file of their own. */
  readonly within?: { readonly users: readonly string[]; readonly items: readonly string[] };
  /** The users or items table out of the cells of its file; absent: as it is. */
  readonly finish?: (table: TextTable) => TextTable;
}

/** The order of the file. */
export const FILE_ORDER = 'interactions.rowid';

/** A published form of data. */
export interface Format extends Use {
  /** Delimiter between the cells of a file, and whether these may stand in double quotes. */
  readonly written: (name: string) => { readonly delimiter: string; readonly quotes: boolean };
  /** The fields by the cells of the first line. Throws a UserError for other ones. */
  readonly fieldsOf: (label: string, part: PartName, cells: readonly string[]) => Field[];
}

/** A way to write times other than as numbers; all cells of a column are written in one. */
export interface Form {
  /** Expectation of a cell, for messages. */
  readonly expected: string;
  /** SQL, true or false, of whether a cell is written so. */
  readonly matches: (cell: string) => string;
  /** SQL of the value: microseconds as a DOUBLE. */
  readonly value: (cell: string) => string;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Whether a cell may not be empty. */
  readonly required: boolean;
  /** Name of the field in the file, where that is another. */
  readonly heading?: string;
  /** How the cells of a time are written, if not as numbers. */
  readonly form?: Form;
  /** Whether NA and the like stand for a missing value, as pandas, R and databases write it. */
  readonly marked?: boolean;
}

export interface Layout {
  /** In the order of the cells. Fields without a name are only counted. */
  readonly fields: readonly Field[];
  /** Between the cells of a line of checked text. */
  readonly delimiter: string;
  /** Name of the cells in messages, for example 'tab-separated fields'. */
  readonly cells: string;
  /** Between the values of a sequence. */
  readonly separator: string;
  readonly headerLines: 0 | 1;
}

const MISSING = ['NA', 'N/A', 'n/a', '<NA>', '#N/A', 'NaN', 'nan', 'NULL', 'null', 'None', '\\N'];

/** SQL of a cell, a missing value being empty. IN would be a join, which is slow for many columns. */
function presentSql({ marked, type }: Field, cell: string): string {
  if (!marked || type.endsWith('_seq')) return cell;
  const marks = MISSING.map((mark) => `'${mark}'`).join(', ');
  return `CASE WHEN list_contains([${marks}], ${cell}) THEN '' ELSE ${cell} END`;
}

/** Something that a cell has to be. */
export interface Check {
  /** As `columnName` calls it, or the number of a column that stands for the whole row. */
  readonly column: string;
  readonly expected: string;
  /** SQL over the list `cells`, true where the cell fails; absent where a query marks the rows. */
  readonly bad?: string;
}

const NUMBER = '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?';

/** SQL of whether a cell is a number. */
export const isNumber = (cell: string) =>
  `(regexp_full_match(${cell}, '${NUMBER}') AND coalesce(isfinite(TRY_CAST(${cell} AS DOUBLE)), false))`;

const allNumbers = (cell: string) => `regexp_full_match(${cell}, ' *(${NUMBER}( +${NUMBER})*)? *')
  AND NOT list_contains(list_transform(regexp_extract_all(${cell}, '${NUMBER}'), n -> coalesce(isfinite(TRY_CAST(n AS DOUBLE)), false)), false)`;

/** Checks of a cell of each type, in SQL: expectation, and where it is met. */
const TYPE_CHECKS: Readonly<Record<FieldType, (cell: string) => readonly (readonly [string, string])[]>> = {
  token: () => [],
  token_seq: () => [],
  float: (cell) => [['a number', isNumber(cell)]],
  float_seq: (cell) => [['numbers separated by spaces', allNumbers(cell)]],
  time: (cell) => [
    ['a number', isNumber(cell)],
    ['a time of at least 0', `CAST(${cell} AS DOUBLE) >= 0`],
  ],
  flag: (cell) => [['0 or 1', `${cell} IN ('0', '1')`]],
};

/**
 * All checks of a layout, in the order of the cells: a row is named by the first that fails. `hasBreaks`: whether cells have
 * line breaks, which an id may not.
 */
export function checksOf({ fields }: Layout, hasBreaks: boolean): Check[] {
  return fields.flatMap((field, c) => {
    const { type, required, form, marked } = field;
    const cell = `cells[${c + 1}]`;
    const present = `(${presentSql(field, cell)}) <> ''`;
    const checks: (readonly [expected: string, good: string])[] = [];
    if (required) checks.push(['a value', present]);
    if (required && (marked || hasBreaks))
      checks.push(['text without control characters', `NOT regexp_matches(${cell}, '[\\x00-\\x1f]')`]);
    const typed = form ? [[form.expected, form.matches(cell)] as const] : TYPE_CHECKS[type](cell);
    for (const [expected, good] of typed)
      checks.push([expected, required ? good : `NOT (${present}) OR (${good})`]);
    return checks.map(([expected, good]) => ({
      column: columnName(field, c),
      expected,
      bad: `NOT (${good})`,
    }));
  });
}

/** Fields that queries name; the names of all others are the data's and stay out of the SQL. */
const ROLES = ['user_id', 'item_id', 'timestamp', 'click'];

/** Whether queries name a field; one of such a name that may be empty is a field like others. */
export const isRole = ({ name, required }: Field): boolean => required && ROLES.includes(name);

/** The SQL name of the field in the place `c` of a layout. */
export function columnName(field: Field, c: number): string {
  return isRole(field) ? field.name : `field${c}`;
}

/** The place of the field that is called `column` in SQL; -1 where there is none. */
export function placeOf({ fields }: Layout, column: string): number {
  return fields.findIndex((field, c) => columnName(field, c) === column);
}

/** Name in the file of the field that is `column` in SQL. */
export function headingOf(layout: Layout, column: string): string {
  const { name = column, heading = name }: Partial<Field> = layout.fields[placeOf(layout, column)] ?? {};
  return heading;
}

/** The SQL of the value that a cell holds: a time as DOUBLE, everything else as its text. */
export function valueSql(field: Field, c: number): string {
  const cell = `cells[${c + 1}]`;
  if (field.type !== 'time') return presentSql(field, cell);
  return field.form ? field.form.value(cell) : `TRY_CAST(${cell} AS DOUBLE)`;
}
