/** A time before which everything is learnt, what comes at it or later being tested: the timeline of a card. */
import { join } from 'node:path';
import { UserError } from '../../userError';
import type { Timeline } from '../card/card';
import { quoted } from '../card/textFile';
import type { Dataset } from '../loading/dataset';

/**
 * The time of a card's timeline on the scale of the interactions; undefined where it has none. Throws a UserError where it is of
 * another scale, or nothing lies before it.
 */
export function timelineOf({ card, folder, histories }: Dataset): number | undefined {
  const { timeline } = card;
  if (timeline === undefined) return undefined;
  const { timeAt, times } = histories;
  if (timeAt === undefined) throw new Error('a timeline needs times');
  const at = timeOf(timeline, timeAt.slice().sort(), times === 'dates');
  if (typeof at === 'number') return at;
  throw new UserError(
    `${join(folder, 'dataset.json')}: timeline: expected ${at.expected}, found ${quoted(timeline)}`,
  );
}

/** What a timeline comes to: its time as a text, and how many of all interactions lie before it; undefined where there is none. */
export function learntBefore(
  dataset: Dataset,
): { readonly time: string; readonly interactions: number; readonly ofAll: number } | undefined {
  const at = timelineOf(dataset);
  const { timeAt, times } = dataset.histories;
  if (at === undefined || timeAt === undefined) return undefined;
  const interactions = timeAt.reduce((count, time) => count + (time < at ? 1 : 0), 0);
  return { time: textOf(at, times === 'dates'), interactions, ofAll: timeAt.length };
}

const MICROSECONDS_IN_A_MILLISECOND = 1000;

function timeOf(
  timeline: Timeline,
  sorted: Float64Array,
  areDates: boolean,
): number | { readonly expected: string } {
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const at =
    typeof timeline === 'object'
      ? atShare(sorted, timeline.share)
      : typeof timeline === 'number'
        ? timeline
        : microsecondsOf(timeline);
  const isOfScale = typeof timeline === 'object' || (typeof timeline === 'string') === areDates;
  if (isOfScale && at > first && at <= last) return at;
  const [from, to] = [first, last].map((time) => textOf(time, areDates));
  return { expected: `a time after ${from} and up to ${to}, as the interactions have it` };
}

/** Of the times that have others before them, the one whose share of interactions before it is nearest; the first where all are alike. */
function atShare(sorted: Float64Array, share: number): number {
  const wanted = share * sorted.length;
  const time = sorted[Math.floor(wanted)];
  const [from, next] = [sorted.indexOf(time), sorted.findIndex((other) => other > time)];
  const isNextNearer = next > 0 && (from === 0 || next - wanted < wanted - from);
  return isNextNearer ? sorted[next] : time;
}

const textOf = (time: number, isDate: boolean): string => {
  if (!isDate) return String(time);
  const micros =
    ((time % MICROSECONDS_IN_A_MILLISECOND) + MICROSECONDS_IN_A_MILLISECOND) % MICROSECONDS_IN_A_MILLISECOND;
  const text = new Date((time - micros) / MICROSECONDS_IN_A_MILLISECOND).toISOString();
  return micros === 0 ? text : text.replace('Z', `${String(micros).padStart(3, '0')}Z`);
};

/** Of an ISO date, to the microsecond: `Date` reads the first three digits behind the point alone. */
function microsecondsOf(date: string): number {
  const [, micros = ''] = /\.\d{3}(\d{1,3})/.exec(date) ?? [];
  return Date.parse(zoned(date)) * MICROSECONDS_IN_A_MILLISECOND + Number(micros.padEnd(3, '0'));
}

/** A clock without a zone is read as UTC, as those of the interactions are. */
const zoned = (date: string): string =>
  /T.*[Zz]$|T.*[+-]\d\d:?\d\d$/.test(date) || !date.includes('T') ? date : `${date}Z`;
