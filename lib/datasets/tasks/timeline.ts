/** A time before which everything is learnt and after which it is tested, the timeline of a card. */
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
  const at = timeOf(timeline, timeAt, times === 'dates');
  if (typeof at === 'number') return at;
  throw new UserError(
    `${join(folder, 'dataset.json')}: timeline: expected ${at.expected}, found ${quoted(timeline)}`,
  );
}

const MICROSECONDS_IN_A_MILLISECOND = 1000;

function timeOf(
  timeline: Timeline,
  times: Float64Array,
  areDates: boolean,
): number | { readonly expected: string } {
  const sorted = times.slice().sort();
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const at =
    typeof timeline === 'object'
      ? sorted[Math.floor(timeline.share * sorted.length)]
      : typeof timeline === 'number'
        ? timeline
        : Date.parse(zoned(timeline)) * MICROSECONDS_IN_A_MILLISECOND;
  const isOfScale = typeof timeline === 'object' || (typeof timeline === 'string') === areDates;
  if (isOfScale && at > first && at <= last) return at;
  const text = (time: number) =>
    areDates ? new Date(time / MICROSECONDS_IN_A_MILLISECOND).toISOString() : String(time);
  return { expected: `a time after ${text(first)} and up to ${text(last)}, as the interactions have it` };
}

/** A clock without a zone is read as UTC, as those of the interactions are. */
const zoned = (date: string): string =>
  /T.*[Zz]$|T.*[+-]\d\d:?\d\d$/.test(date) || !date.includes('T') ? date : `${date}Z`;
