/** A time before which everything is learnt and after which it is tested, the timeline of a card. */
import { join } from 'node:path';
import { UserError } from '../../userError';
import type { Timeline } from '../card/card';
import { quoted } from '../card/textFile';
import type { Dataset } from '../loading/dataset';
import { type Histories, timesOf } from '../loading/histories';

/** The time of a card's timeline on the scale of the interactions; undefined where it has none. Throws a UserError where they are of another scale. */
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

const MICROSECONDS = 1000;

function timeOf(
  timeline: Timeline,
  times: Float64Array,
  areDates: boolean,
): number | { readonly expected: string } {
  const sorted = times.slice().sort();
  if (typeof timeline === 'object') return sorted[Math.floor(timeline.share * sorted.length)];
  const at = typeof timeline === 'number' ? timeline : Date.parse(zoned(timeline)) * MICROSECONDS;
  const [first, last] = [sorted[0], sorted[sorted.length - 1]].map((time) =>
    areDates ? new Date(time / MICROSECONDS).toISOString() : String(time),
  );
  const isOfScale = (typeof timeline === 'string') === areDates;
  if (isOfScale && at > sorted[0] && at <= sorted[sorted.length - 1]) return at;
  return { expected: `a time after ${first} and up to ${last}, as the interactions have it` };
}

/** A clock without a zone is read as UTC, as those of the interactions are. */
const zoned = (date: string): string =>
  /T.*[Zz]$|T.*[+-]\d\d:?\d\d$/.test(date) || !date.includes('T') ? date : `${date}Z`;

/** Interactions of a user before a time: they are the first of his history. */
export function countBefore(histories: Histories, user: number, time: number): number {
  const times = timesOf(histories, user);
  const at = times.findIndex((own) => own >= time);
  return at < 0 ? times.length : at;
}
