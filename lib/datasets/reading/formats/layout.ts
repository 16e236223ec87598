import { OF_NUMBERS, type Precision } from './precision';

/** What a file of rows looks like. */

export type FieldType = 'token' | 'token_seq' | 'float' | 'float_seq' | 'time' | 'flag';

/** A way to write a value other than as itself; all cells of a column are written in one. */
export interface Form {
  /** What a cell has to be, for messages. */
  readonly expected: string;
  /** SQL, true or false, of whether a cell is written so. */
  readonly matches: (cell: string) => string;
  /** SQL of the value: of a time a DOUBLE, microseconds of which only the order counts; of a list a text. */
  readonly value: (cell: string) => string;
}

export interface DateForm extends Form, Precision {}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Whether a cell may not be empty. */
  readonly required: boolean;
  /** What the file calls the field, where that is another name. */
  readonly heading?: string;
  /** How the cells of a time are written that are no numbers. */
  readonly date?: DateForm;
  /** How the cells of a sequence are written that do not have its separator between their values. */
  readonly list?: Form;
  /** Whether a second column, `finer`, tells times apart that are the same as a DOUBLE. */
  readonly isFine?: boolean;
  /** Whether NA and the like stand for no value, as they do in what pandas, R and databases write. */
  readonly marked?: boolean;
}

export interface Layout {
  /** In the order of the cells. Fields without a name are of no use and only counted. */
  readonly fields: readonly Field[];
  /** Between the cells of a line of checked text. */
  readonly delimiter: string;
  /** What messages call the cells, for example 'tab-separated fields'. */
  readonly cells: string;
  /** Between the values of a sequence. */
  readonly separator: string;
  readonly headerLines: 0 | 1;
}

/** What stands for a missing value. */
const MISSING = ['NA', 'N/A', 'n/a', '<NA>', '#N/A', 'NaN', 'nan', 'NULL', 'null', 'None', '\\N'];

/** SQL of a cell in which what stands for a missing value is empty. IN would be a join, which is slow for many columns. */
function saidCell({ marked, type, list }: Field, cell: string): string {
  if (!marked || (type.endsWith('_seq') && !list)) return cell;
  const marks = MISSING.map((mark) => `'${mark}'`).join(', ');
  return `CASE WHEN list_contains([${marks}], ${cell}) THEN '' ELSE ${cell} END`;
}

/** Something that a cell has to be. */
export interface Check {
  /** As `columnName` calls it, or the number of a column that stands for the whole row. */
  readonly column: string;
  readonly expected: string;
  /** SQL over the list `cells`, true where the cell is not what it has to be; absent where a query marks the rows. */
  readonly bad?: string;
}

const NUMBER = '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?';

/** SQL of whether a cell has a character that no text has: JSON can name each. */
const CONTROL = (cell: string) => `regexp_matches(${cell}, '[\\x00-\\x1f]')`;

/** SQL of whether a cell is a number. */
export const isNumber = (cell: string) =>
  `(regexp_full_match(${cell}, '${NUMBER}') AND coalesce(isfinite(TRY_CAST(${cell} AS DOUBLE)), false))`;

const notNumber = (cell: string) => `NOT ${isNumber(cell)}`;

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

/** What a time has to be that a DOUBLE holds. */
export const ALL_DIGITS = 'a time that is kept with all its digits';

const precisionOf = ({ date }: Field): Precision => date ?? OF_NUMBERS;

/**
 * All checks of a layout, in the order of the cells: a row is named by the first that fails. `hasBreaks`: whether there are cells with line
 * breaks, which no id has.
 */
export function checksOf({ fields }: Layout, hasBreaks: boolean): Check[] {
  return fields.flatMap((field, c) => {
    const { type, required, date, list, marked, isFine = false } = field;
    const cell = `cells[${c + 1}]`;
    const form = date ?? list;
    const empty: readonly (readonly [string, string])[] = [
      ...(required ? [['a value', `(${saidCell(field, cell)}) = ''`] as const] : []),
      ...(required && (marked || hasBreaks)
        ? [['text without control characters', CONTROL(cell)] as const]
        : []),
    ];
    const typed = form ? [[form.expected, `NOT ${form.matches(cell)}`] as const] : TYPE_CHECKS[type](cell);
    const said = required
      ? typed
      : typed.map(([to, bad]) => [to, `(${saidCell(field, cell)}) <> '' AND (${bad})`] as const);
    const exact: readonly (readonly [string, string])[] =
      type === 'time' && !isFine ? [[ALL_DIGITS, precisionOf(field).isRounded(cell)]] : [];
    return [...empty, ...said, ...exact].map(([expected, bad]) => ({
      column: columnName(field, c),
      expected,
      bad,
    }));
  });
}

/** Fields that queries name; the names of all others are the data's and stay out of the SQL. */
const ROLES = ['user_id', 'item_id', 'timestamp', 'click'];

/** Whether queries name a field: one that is called so and may be empty is a field like others. */
export const isRole = ({ name, required }: Field): boolean => required && ROLES.includes(name);

/** The SQL name of the field in the place `c` of a layout. */
export function columnName(field: Field, c: number): string {
  return isRole(field) ? field.name : `field${c}`;
}

/** The place of the field that is called `column` in SQL; -1 where there is none. */
export function placeOf({ fields }: Layout, column: string): number {
  return fields.findIndex((field, c) => columnName(field, c) === column);
}

/** What the file calls the field that is called `column` in SQL. */
export function headingOf(layout: Layout, column: string): string {
  const { name = column, heading = name }: Partial<Field> = layout.fields[placeOf(layout, column)] ?? {};
  return heading;
}

/** The SQL of the value that a cell holds: a time as DOUBLE, everything else as its text. */
export function valueSql(field: Field, c: number): string {
  const { type, date, list } = field;
  const cell = `cells[${c + 1}]`;
  if (date) return date.value(cell);
  if (list) return list.value(`(${saidCell(field, cell)})`);
  return type === 'time' ? `TRY_CAST(${cell} AS DOUBLE)` : saidCell(field, cell);
}

/** SQL of what a cell holds beyond its value; undefined where that is all. */
export function finerSql(field: Field, c: number): string | undefined {
  return field.isFine ? precisionOf(field).finer(`cells[${c + 1}]`) : undefined;
}

/** Whether the rows of a layout have a column `finer`. */
export const isFine = ({ fields }: Layout): boolean => fields.some((field) => field.isFine);

/** The layout with a column `finer` beside that of the times. */
export function withFineTimes(layout: Layout): Layout {
  return {
    ...layout,
    fields: layout.fields.map((field) => (field.type === 'time' ? { ...field, isFine: true } : field)),
  };
}
