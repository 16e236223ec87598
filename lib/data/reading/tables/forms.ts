import { UserError } from '../../../base/userError';
import { quoted } from '../../card/textFile';
import { type Form, isNumber, type Layout } from '../formats/layout';
import { type Engine, literal } from '../sql/engine';
import { type Piece, rowsSql, unreadable } from '../sql/part';

/** Ways to write times in a cell. */

const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const CLOCK = '[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?';
const CLOCK_AND_ZONE = '[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z| UTC|[+-][0-9]{2}(:?[0-9]{2})?)';

const timestamp = (cell: string) => `TRY_CAST(${cell} AS TIMESTAMP)`;
const zoned = (cell: string) => `TRY_CAST(${cell} AS TIMESTAMPTZ)`;
const CLOCKED = 'a date and time YYYY-MM-DD hh:mm:ss';

/** ISO 8601 as databases and pandas write it. A zone in some cells only would leave the order open, so it is a form. */
const ISO_FORMS: readonly Form[] = [
  written('a date YYYY-MM-DD', DAY, timestamp),
  written(`${CLOCKED} without a zone`, `${DAY}${CLOCK}`, timestamp),
  written(`${CLOCKED} with a zone`, `${DAY}${CLOCK_AND_ZONE}`, zoned),
];

/** A format of DuckDB's strptime, such as `%d/%m/%Y %H:%M`. */
export function formatted(format: string): Form {
  return written(`a time ${format}`, '.+', (cell) => `try_strptime(${cell}, ${literal(format)})`);
}

function written(expected: string, pattern: string, read: (cell: string) => string): Form {
  return {
    expected,
    matches: (cell) => `(regexp_full_match(${cell}, '${pattern}') AND ${read(cell)} IS NOT NULL)`,
    value: (cell) => `epoch_us(${read(cell)})::DOUBLE`,
  };
}

/** Matches no time: it stands where none of the forms was found, so that the first row says what was expected. */
const UNKNOWN: Form = {
  expected: 'a number, an ISO date, or a timeFormat in the card',
  matches: () => 'false',
  value: () => 'NULL::DOUBLE',
};

/**
 * How the times in the place `c` are written: the first number or ISO date decides, and other ones are bad rows.
 * Undefined for numbers.
 */
export async function foundDate(engine: Engine, pieces: readonly Piece[], layout: Layout, c: number) {
  const cell = `cells[${c + 1}]`;
  const forms = ISO_FORMS.map(({ matches }, i) => `WHEN ${matches(cell)} THEN ${i}`).join(' ');
  const form = `CASE WHEN ${isNumber(cell)} THEN -1 ${forms} END`;
  for (const piece of pieces) {
    const found = `SELECT form FROM (SELECT ${form} AS form FROM ${rowsSql(piece, layout)}) WHERE form IS NOT NULL LIMIT 1`;
    const [first] = await engine.rows(found).catch((error: unknown) => {
      throw unreadable(piece, error);
    });
    if (first !== undefined) return ISO_FORMS[Number(first[0])];
  }
  return UNKNOWN;
}

/** Throws a UserError where the SQL engine knows no such format of times. */
export async function requireFormat(engine: Engine, format: string, card: string): Promise<void> {
  await engine.rows(`SELECT try_strptime('', ${literal(format)})`).catch(() => {
    const expected = 'expected a format such as %d/%m/%Y %H:%M';
    throw new UserError(`${card}: timeFormat: ${expected}, found ${quoted(format)}`);
  });
}
