import { below, type Random, random, uniform } from '../../base/random';

/**
 * A made-up world whose answers are known in advance. Letters: C interests, N source items.
 * A user has a first and a second interest, of C. Their history drifts between them; within an interest it runs through
 * series of items in their order or starts another series, the popular ones more often (Zipf). In the structured world
 * the interests also choose their items of two target domains and their labels; in the null world these are drawn for
 * strangers, one by one: with the same shares, and nothing about the user in them.
 */
export interface World {
  readonly kind: 'structured' | 'null';
  readonly users: number;
  /** N, the items of the source domain. */
  readonly items: number;
  /** Mean source items of a history; target items come on top. */
  readonly length: number;
  readonly seed: number;
  /** The first so many users have target items and labels, the others histories alone; absent: all. */
  readonly labelled?: number;
}

/** Whether a user has target items and labels. */
export const isLabelled = ({ users, labelled = users }: World, user: number): boolean => user < labelled;

/** C */
export const INTERESTS = 12;

/** The target domains: how many of its items a user touches, and how many items it has. */
export const TARGETS = [
  { domain: 'cold-1', perUser: 3, share: 1 / 36, fewest: 144 },
  { domain: 'cold-2', perUser: 5, share: 1 / 90, fewest: 120 },
] as const;

/** Probability that an interest drawn anew is the first or the second of the user; else it is any. */
const FIRST = 0.65;
const SECOND = 0.25;
/** Probability that a history stays with its interest, and that it goes on in its series. */
const STAY = 0.8;
const FOLLOW = 0.6;
/** Items of a series: neighbours in popularity, so that following them keeps the popularity of items. */
const SERIES = 5;
/** Probability that a label is that of the first interest; else it is that of any. */
const FAITHFUL = 0.85;

/** The class of each interest: of uneven shares, so that the most frequent class is worth guessing. */
const GENDER_OF = ['F', 'M', 'F', 'M', 'F', 'M', 'F', 'M', 'F', 'M', 'F', 'F'];
const AGE_OF = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4];
const LIFE_OF = ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'e', 'a', 'b', 'f', 'a'];

/** The years of the age classes, inclusive. */
export const AGES: readonly (readonly [from: number, to: number])[] = [
  [12, 19],
  [20, 29],
  [30, 39],
  [40, 49],
  [50, 79],
];

type Interests = { readonly first: number; readonly second: number };

/** Item codes: 0 … N − 1 in the source, then those of each target domain; `ends[d]` is where domain d ends. */
export interface Vocabulary {
  readonly ends: readonly number[];
  /** Per domain the cumulative shares of the popularity ranks within an interest. */
  readonly shares: readonly Float64Array[];
}

/** How many items there are in each domain, and how popular they are. */
export function vocabularyOf({ items }: World): Vocabulary {
  const sizes = [items, ...TARGETS.map(({ share, fewest }) => Math.max(fewest, Math.round(items * share)))];
  const ends = sizes.map((_, domain) => sizes.slice(0, domain + 1).reduce((sum, size) => sum + size));
  return { ends, shares: sizes.map((size) => zipf(Math.ceil(size / INTERESTS))) };
}

/** Cumulative shares of ranks 0 … n − 1, rank r in proportion to 1 / (r + 1). */
function zipf(n: number): Float64Array {
  let sum = 0;
  const cumulative = new Float64Array(n).map((_, rank) => {
    sum += 1 / (rank + 1);
    return sum;
  });
  return cumulative.map((value) => value / sum);
}

/** 0 for the source, d for the d-th target domain. */
export const domainOf = (ends: Vocabulary['ends'], code: number): number =>
  ends.findIndex((end) => code < end);

/** The interest of an item: its code within its domain modulo C; the quotient is its popularity rank. */
export const interestOf = (ends: Vocabulary['ends'], code: number): number =>
  (code - (ends[domainOf(ends, code) - 1] ?? 0)) % INTERESTS;

/** An item of a domain and an interest, by popularity. */
function drawItem({ ends, shares }: Vocabulary, domain: number, interest: number, stream: Random): number {
  const start = ends[domain - 1] ?? 0;
  for (;;) {
    const code = start + drawRank(shares[domain], stream) * INTERESTS + interest;
    if (code < ends[domain]) return code;
  }
}

/** The first rank whose cumulative share is above a uniform number. */
function drawRank(cumulative: Float64Array, stream: Random): number {
  const point = uniform(stream);
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > point) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The next source item of a series, and after its last the first. */
export function successor(code: number, items: number): number {
  const rank = Math.floor(code / INTERESTS);
  const begin = rank - (rank % SERIES);
  const next = (begin + ((rank - begin + 1) % SERIES)) * INTERESTS + (code % INTERESTS);
  return next < items ? next : begin * INTERESTS + (code % INTERESTS);
}

function drawInterest({ first, second }: Interests, stream: Random): number {
  const point = uniform(stream);
  if (point < FIRST) return first;
  return point < FIRST + SECOND ? second : below(INTERESTS, stream);
}

const drawInterests = (stream: Random): Interests => ({
  first: below(INTERESTS, stream),
  second: below(INTERESTS, stream),
});
const interestsOf = (seed: number, user: number) => drawInterests(random(seed, 'interests', String(user)));

/** The interests and labels of a user, age in years; the same whatever the size of the world. */
export function profileOf({ kind, seed }: World, user: number) {
  const interests = interestsOf(seed, user);
  const stream = random(seed, 'profile', String(user));
  const draw = () => {
    const faithful = uniform(stream) < FAITHFUL;
    const stranger = below(INTERESTS, stream);
    return kind === 'structured' && faithful ? interests.first : stranger;
  };
  const [gender, [from, to], life] = [GENDER_OF[draw()], AGES[AGE_OF[draw()]], LIFE_OF[draw()]];
  return { ...interests, gender, age: from + below(to - from + 1, stream), life };
}

const targetRows = TARGETS.reduce((sum, { perUser }) => sum + perUser, 0);

/** The most rows that a history can have. */
export const longestHistory = ({ length }: World): number => Math.ceil(length / 2) + length + targetRows;

/**
 * Writes the item codes of a user's history into `rows`, oldest first, and returns how many they are. A history has
 * from half to one and a half times the mean length of source items, and target items at any place among them.
 */
export function writeHistory(world: World, vocabulary: Vocabulary, user: number, rows: Int32Array): number {
  const interests = interestsOf(world.seed, user);
  const targets = isLabelled(world, user) ? targetCodes(world, vocabulary, interests, user) : [];
  const places = random(world.seed, 'places', String(user));
  const stream = random(world.seed, 'source', String(user));
  const count = Math.ceil(world.length / 2) + below(world.length + 1, stream) + targets.length;
  const latest = new Int32Array(INTERESTS).fill(-1);
  let [interest, written] = [interests.first, 0];
  for (let row = 0; row < count; row++) {
    if (below(count - row, places) < targets.length - written) {
      rows[row] = targets[written++];
      continue;
    }
    if (uniform(stream) >= STAY) interest = drawInterest(interests, stream);
    const before = latest[interest];
    const follows = before >= 0 && uniform(stream) < FOLLOW;
    rows[row] = follows ? successor(before, world.items) : drawItem(vocabulary, 0, interest, stream);
    latest[interest] = rows[row];
  }
  return count;
}

/** The target items of a user, the domains in turn. In the null world each is that of another stranger. */
function targetCodes(world: World, vocabulary: Vocabulary, interests: Interests, user: number): number[] {
  const stream = random(world.seed, 'targets', String(user));
  return TARGETS.flatMap(({ perUser }, d) => {
    if (world.kind === 'structured') return distinctTargets(vocabulary, d, interests, stream);
    const codes: number[] = [];
    while (codes.length < perUser) {
      const code = distinctTargets(vocabulary, d, drawInterests(stream), stream)[codes.length];
      if (!codes.includes(code)) codes.push(code);
    }
    return codes;
  });
}

/** Distinct items of the d-th target domain, in the order in which a user of these interests touches them. */
function distinctTargets(vocabulary: Vocabulary, d: number, interests: Interests, stream: Random): number[] {
  const codes: number[] = [];
  while (codes.length < TARGETS[d].perUser) {
    const code = drawItem(vocabulary, d + 1, drawInterest(interests, stream), stream);
    if (!codes.includes(code)) codes.push(code);
  }
  return codes;
}
