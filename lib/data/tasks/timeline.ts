import { join } from 'node:path';
import { UserError } from '../../base/userError';
import { quoted } from '../card/textFile';
import type { Dataset } from '../loading/dataset';

/**
 * The time of a card's timeline on the scale of the interactions, microseconds for dates: what comes before it is learnt, the rest
 * is tested. Undefined without a timeline. Throws a UserError for a time of another scale, and one with nothing before it.
 */
export function timelineOf({ card, folder, histories }: Dataset): number | undefined {
  const { timeline } = card;
  const { timeAt, times } = histories;
  if (timeline === undefined) return undefined;
  if (timeAt === undefined) throw new Error('a timeline needs times');
  const sorted = timeAt.slice().sort();
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const areDates = times === 'dates';
  let at = timeline;
  if (typeof at === 'object') at = atShare(sorted, at.share);
  else if (typeof at === 'string') at = areDates ? microsecondsOf(at) : Number.NaN;
  else if (areDates) at = Number.NaN;
  if (at > first && at <= last) return at;
  const [from, to] = [first, last].map((time) => textOf(time, areDates));
  const expected = `a time after ${from} and up to ${to}, as the interactions have it`;
  throw new UserError(
    `${join(folder, 'dataset.json')}: timeline: expected ${expected}, found ${quoted(timeline)}`,
  );
}

/** The time of a timeline as a text, and how many of all interactions lie before it; undefined without one. */
export function learntBefore(dataset: Dataset) {
  const at = timelineOf(dataset);
  const { timeAt, times } = dataset.histories;
  if (at === undefined || timeAt === undefined) return undefined;
  const interactions = timeAt.reduce((count, time) => count + (time < at ? 1 : 0), 0);
  return { time: textOf(at, times === 'dates'), interactions, ofAll: timeAt.length };
}

/** The time with the share of interactions before it that is nearest to `share`, and above 0 if there is one. */
function atShare(sorted: Float64Array, share: number): number {
  const wanted = share * sorted.length;
  const time = sorted[Math.floor(wanted)];
  const [from, next] = [sorted.indexOf(time), sorted.findIndex((other) => other > time)];
  const isNextNearer = next > 0 && (from === 0 || next - wanted < wanted - from);
  return isNextNearer ? sorted[next] : time;
}

/** A number as it is; microseconds as an ISO date, to the millisecond. */
const textOf = (time: number, isDate: boolean): string =>
  isDate ? new Date(time / 1000).toISOString() : String(time);

/** Microseconds since 1970 of an ISO date, read to the millisecond; UTC if it names no zone. */
function microsecondsOf(date: string): number {
  const isLocal = date.includes('T') && !/T.*([Zz]|[+-]\d\d:?\d\d)$/.test(date);
  return 1000 * Date.parse(isLocal ? `${date}Z` : date);
}
