import { columnName, isNumber } from '../../reading/formats/layout';
import { rowAt } from '../../reading/sql/badRows';
import type { Engine } from '../../reading/sql/engine';
import type { Part } from '../../reading/sql/part';
import { ISO_FORMS } from '../../reading/tables/dates';
import type { ColumnProfile, TableProfile } from '../choose/profile';
import { isDomainName } from '../choose/words';
import { FORMATS, formatsOf } from './formats';
import type { OpenTable } from './openTable';
import { risingShare } from './rising';
import { separatorOf } from './separators';

/**
 * What the columns of a table hold, whose cells are all texts; `lists` and `timeFormat` are what a card says of them. Where it says
 * which fields are lists, no others are.
 */
export async function measureTable(
  engine: Engine,
  { part, name, header, nested }: OpenTable,
  { lists, timeFormat }: Said,
): Promise<TableProfile> {
  const [[rows]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${part.name}`);
  const formats = timeFormat === undefined ? FORMATS : [timeFormat];
  const columns: ColumnProfile[] = [];
  for (const [c, field] of part.layout.fields.entries()) {
    if (field.name === '') continue;
    const cells = columnName(field, c);
    const counts = await measureCells(engine, part, cells);
    const isText = counts.filled > 0 && counts.numbers < 0.9 && counts.dates < 0.9;
    const isList = field.type === 'token_seq';
    const typed = TYPED_LIST.test(field.name) && isDomainName(field.name) ? ' ' : undefined;
    const guessed = async () =>
      typed ?? (isText && !isList ? await separatorOf(engine, part.name, cells) : undefined);
    const given = (said: Lists) => (Object.hasOwn(said, field.name) ? said[field.name] : undefined);
    columns.push({
      name: field.name,
      isList,
      rows: rows as number,
      ...counts,
      formats: isText && !isList ? await formatsOf(engine, part.name, cells, formats) : [],
      separator: lists ? given(lists) : await guessed(),
    });
  }
  return { name, label: part.label, rows: rows as number, hasHeader: header === undefined, columns, nested };
}

type Lists = Readonly<Record<string, string>>;

type Said = {
  readonly lists?: Lists | undefined;
  readonly timeFormat?: string | undefined;
};

type Counts = Omit<ColumnProfile, 'name' | 'isList' | 'rows' | 'formats' | 'separator'>;

/** How RecBole heads a column of lists. */
const TYPED_LIST = /:(token|float)_seq$/;

/** Seconds from 1980 to 2096, and how many of a smaller unit a second has. */
const [FIRST, END] = [3.1e8, 4e9];
const UNITS = [1, 1e3, 1e6, 1e9];

async function measureCells(engine: Engine, part: Part, cell: string): Promise<Counts> {
  const { name: table } = part;
  const number = `CASE WHEN ${isNumber(cell)} THEN CAST(${cell} AS DOUBLE) END`;
  const date = ISO_FORMS.map(({ matches }) => matches(cell)).join(' OR ');
  const clock = `regexp_full_match(${cell}, '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?( ?[AaPp][Mm])?')`;
  const epochs = UNITS.map(
    (unit) => `count(*) FILTER (number >= ${FIRST * unit} AND number < ${END * unit})::DOUBLE`,
  ).join(', ');
  const odd = 'FILTER (number IS NULL AND NOT isDate)';
  const filled = `SELECT ${cell}, ${number} AS number, rowid AS row FROM ${table} WHERE ${cell} <> ''`;
  const [
    [count, distinct, numbers, wholes, dates, least, greatest, length, clocks, oddCell, oddRow, ...ofUnits],
  ] = await engine.rows(
    `SELECT count(*)::DOUBLE, count(DISTINCT ${cell})::DOUBLE, count(number)::DOUBLE,
         count(*) FILTER (number = floor(number))::DOUBLE, count(*) FILTER (isDate)::DOUBLE,
         coalesce(min(number), 0)::DOUBLE, coalesce(max(number), 0)::DOUBLE, coalesce(avg(length(${cell})), 0)::DOUBLE,
         count(*) FILTER (number IS NULL AND NOT isDate AND ${clock})::DOUBLE,
         arg_min(${cell}, row) ${odd}, (min(row) ${odd})::DOUBLE, ${epochs}
       FROM (SELECT *, CASE WHEN number IS NULL THEN ${date} ELSE false END AS isDate FROM (${filled}))`,
  );
  const share = (part: unknown) => (count === 0 ? 0 : (part as number) / (count as number));
  return {
    filled: count as number,
    distinct: distinct as number,
    numbers: share(numbers),
    wholes: share(wholes),
    dates: share(dates),
    least: least as number,
    greatest: greatest as number,
    epochs: ofUnits.map(share),
    length: length as number,
    clocks: share(clocks),
    odd: oddCell === null ? undefined : { cell: String(oddCell), line: rowAt(part, oddRow as number).line },
    rising: await risingShare(engine, table, share(numbers) >= 0.9 ? number : cell),
  };
}
