/** What columns are commonly called. */

/** Words for what a row is about, those that say it best first; the next ones count less. */
const USER = [
  'user uid usr customer cust member client consumer buyer shopper subscriber listener reader viewer player reviewer person people patient student learner guest traveller traveler kunde kunden nutzer',
  'account visitor author household profile device cookie session',
];
const ITEM = [
  'item iid product sku asin isbn movie film song track book article video game app course recipe restaurant business hotel listing poi venue anime manga show series podcast news post beer wine artikel produkt clip stock',
  'artist album episode place location page url content story offer merchandise goods ad channel stream job attraction paper photo question exercise lesson dish food event title',
];
const TIME = [
  'time timestamp ts date datetime at when day epoch unix utc dt zeit datum month',
  'created purchased ordered played visited viewed clicked rated reviewed bought listened watched updated modified',
];
/** Times and counts of something else than what happened in the row. */
const OTHER_TIMES =
  'birth born release released published signup registered joined expiry due spent duration watch watching dwell running since left zone elapsed response reading play';
const DOMAIN =
  'genre category class type department tag topic section domain format brand shelf style cuisine subject kind group family channel';
const MEASURES =
  'rating score star price cost amount quantity qty count value weight total duration rank play click length size lat lon latitude longitude discount revenue sale like view watching feedback review text comment description summary note label';
const ATTRIBUTES =
  'age gender sex country city state region zip postcode occupation job income education status year language color colour name verified';

/** Parts of a name that only say that it identifies something. */
const IDENTIFYING = new Set(
  'id ids key no nr num number code hash uuid guid idx index pk fk unique ref token float seq orig original anon'.split(
    ' ',
  ),
);
/** Parts that name a thing for people: an id tells it apart better. */
const NAMING = new Set('name title label'.split(' '));

export const WORDS = { user: USER, item: ITEM, time: TIME } as const;

const setOf = (words: string) => new Set(words.split(' '));

/** `customerID` as customer, id; `purchased_at` as purchased, at; plurals as singulars. */
export function tokensOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((token) => token !== '')
    .flatMap(unglued)
    .map((token) => (token.length > 3 ? token.replace(/(?<!s)s$/, '') : token));
}

const ROLE_WORDS = new Set([...USER, ...ITEM, ...TIME].flatMap((words) => words.split(' ')));

/** `movieid` is movie, id. */
function unglued(token: string): string[] {
  const [, word = '', ending = ''] = /^(.+?)(id|no|nr|key|code|name|date|time)$/.exec(token) ?? [];
  return !ROLE_WORDS.has(token) && ROLE_WORDS.has(word) ? [word, ending] : [token];
}

/** Whether a text is what a column of users, items or times would be called, and no value of one: `user_id`, not `user_7`. */
export function isRoleName(text: string): boolean {
  const tokens = tokensOf(text);
  return (
    tokens.some((token) => ROLE_WORDS.has(token)) &&
    tokens.every((token) => ROLE_WORDS.has(token) || IDENTIFYING.has(token) || NAMING.has(token))
  );
}

/** How well a name says that a column is a user or an item: 0 not at all, 4 without any doubt. */
export function nameScore(name: string, role: 'user' | 'item'): number {
  const tokens = tokensOf(name);
  const isNamed = tokens.some((token) => NAMING.has(token)) && tokens.length > 1;
  const rest = tokens.filter((token) => !IDENTIFYING.has(token) && !(isNamed && NAMING.has(token)));
  const tier = WORDS[role].findIndex((words) => setOf(words).has(rest[rest.length - 1] ?? ''));
  if (tier < 0) return 0;
  return 4 - tier - (isNamed ? 1 : 0) - (rest.length > 1 ? 1 : 0);
}

/** How well a name says that a column is the time of a row; below 0 where it is that of something else. */
export function timeScore(name: string): number {
  const tokens = tokensOf(name);
  if (tokens.some((token) => setOf(OTHER_TIMES).has(token))) return -2;
  const tiers = TIME.map(setOf);
  return tokens.some((token) => tiers[0].has(token))
    ? 2
    : tokens.some((token) => tiers[1].has(token))
      ? 1
      : 0;
}

const has = (words: string) => {
  const set = setOf(words);
  return (name: string) => tokensOf(name).some((token) => set.has(token));
};

export const isDomainName = has(DOMAIN);
export const isMeasureName = has(MEASURES);
export const isAttributeName = has(ATTRIBUTES);
