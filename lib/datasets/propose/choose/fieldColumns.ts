import type { ColumnProfile } from './profile';
import { isAttributeName, isDomainName, isMeasureName, nameScore, timeScore } from './words';

/** Which columns may be fields that tell target domains or profiles apart. */

const MOST_VALUES = 1000;
const MOSTLY = 0.9;
/** A number with more values than these is no code. */
const MOST_CODES = 50;

const isTime = ({ dates, formats, name }: ColumnProfile) =>
  dates >= MOSTLY || formats.length > 0 || timeScore(name) > 0;

/** Lists, and columns of few values that come again. */
export function mayBeDomain(column: ColumnProfile): boolean {
  const { name, isList, separator, distinct, filled, numbers, wholes } = column;
  if (distinct < 2 || isTime(column) || (isMeasureName(name) && !isDomainName(name))) return false;
  if (isList || separator !== undefined) return true;
  if (numbers >= MOSTLY && (wholes < numbers || distinct > MOST_CODES)) return false;
  return distinct <= MOST_VALUES && distinct <= 0.5 * filled;
}

/** Columns of few values, and numbers that can be cut into ranges. */
export function mayBeLabel(column: ColumnProfile, users: number): boolean {
  const { name, isList, separator, distinct, filled, numbers } = column;
  if (distinct < 2 || filled === 0 || isList || separator !== undefined || isTime(column)) return false;
  if (nameScore(name, 'user') + nameScore(name, 'item') > 0 && !isAttributeName(name)) return false;
  return distinct <= (numbers >= MOSTLY ? 0.5 : 0.1) * users || distinct <= 12 || isAge(name);
}

const isAge = (name: string) => /age|year|birth|income/i.test(name);
