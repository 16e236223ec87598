import { type Engine, literal } from '../../reading/sql/engine';
import type { TimeFormat } from '../choose/profile';
import { LOOKED_AT, risingShare } from './rising';

const DAYS = [
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d.%m.%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%Y-%m-%d',
  '%Y%m%d',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%d/%m/%y',
  '%m/%d/%y',
  '%d.%m.%y',
  '%d %b %Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%d %B %Y',
  '%b %d %Y',
  '%b %d, %Y',
  '%B %d, %Y',
];
const CLOCKS = [
  '',
  ' %H',
  ' %H:%M',
  ' %H:%M:%S',
  ' %H:%M:%S.%f',
  ' %H:%M:%S,%f',
  ' %I:%M %p',
  ' %I:%M:%S %p',
  ', %H:%M',
  ' %H:%M:%S %z',
  'T%H:%M',
  'T%H:%M:%S',
];
/** Those of Twitter, of web servers, of mail, of Unix's `date`, of calendars, and months. */
const OTHERS = [
  '%a %b %d %H:%M:%S %z %Y',
  '%d/%b/%Y:%H:%M:%S %z',
  '%a, %d %b %Y %H:%M:%S',
  '%a, %d %b %Y %H:%M:%S GMT',
  '%a, %d %b %Y %H:%M:%S %z',
  '%a %b %d %H:%M:%S %Y',
  '%Y%m%dT%H%M%S',
  '%Y%m%dT%H%M%SZ',
  '%Y-%m',
];
/** Usual formats of times. */
export const FORMATS = [...DAYS.flatMap((day) => CLOCKS.map((clock) => `${day}${clock}`)), ...OTHERS];

const MOSTLY = 0.9;

/** Those of the formats that read nearly all cells; of several the one whose times rise along the file comes first. */
export async function formatsOf(
  engine: Engine,
  table: string,
  cell: string,
  formats: readonly string[],
): Promise<TimeFormat[]> {
  const few = `SELECT ${cell} FROM ${table} WHERE ${cell} <> '' AND rowid < ${LOOKED_AT} USING SAMPLE reservoir(100 ROWS) REPEATABLE (1)`;
  const likely = await readable(engine, few, cell, formats);
  if (likely.length === 0) return [];
  const many = `SELECT ${cell} FROM ${table} WHERE ${cell} <> '' AND rowid < ${LOOKED_AT}`;
  const found: TimeFormat[] = [];
  for (const format of await readable(engine, many, cell, likely))
    found.push({ format, rising: await risingShare(engine, table, timeSql(cell, format)) });
  return found.sort((a, b) => b.rising - a.rising);
}

/** Two digits of a year are no year of the first century. */
function timeSql(cell: string, format: string): string {
  const time = `try_strptime(${cell}, ${literal(format)})`;
  return `CASE WHEN year(${time}) BETWEEN 1900 AND 2100 THEN ${time} END`;
}

async function readable(
  engine: Engine,
  cells: string,
  cell: string,
  formats: readonly string[],
): Promise<string[]> {
  const shares = formats.map((format) => `coalesce(count(${timeSql(cell, format)}) / count(*), 0)::DOUBLE`);
  const [read] = await engine.rows(`SELECT ${shares.join(', ')} FROM (${cells})`);
  const best = Math.max(...(read as number[]));
  return formats.filter((_, i) => (read[i] as number) >= MOSTLY && read[i] === best);
}
