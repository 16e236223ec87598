/** Common names of columns. */

/** By role, in two tiers: the words of the second say less. */
const ROLES = {
  user: [
    'user uid usr customer cust member client consumer buyer shopper subscriber listener reader viewer player reviewer person people patient student learner guest traveller traveler',
    'account visitor author household profile device cookie session',
  ],
  item: [
    'item iid product sku asin isbn movie film song track book article video game app course recipe restaurant business hotel listing poi venue anime manga show series podcast news post beer wine clip stock',
    'artist album episode place location page url content story offer merchandise goods ad channel stream job attraction paper photo question exercise lesson dish food event title',
  ],
  time: [
    'time timestamp ts date datetime at when day epoch unix utc dt month zeit zeitpunkt datum',
    'created purchased ordered played visited viewed clicked rated reviewed bought listened watched updated modified',
  ],
} as const;

/** Times of something else than the row, and lengths of time. */
const OTHER_TIMES =
  /^(birth|born|released?|published|signup|registered|joined|expiry|due|spent|duration|watch|watching|dwell|running|since|left|zone|elapsed|response|reading|play)$/;
/** Words that only say that a column identifies something. */
const IDENTIFYING =
  /^(ids?|key|no|nr|num|number|code|hash|uuid|guid|idx|index|pk|fk|unique|ref|token|float|seq|orig|original|anon)$/;
/** Words for what people read: an id tells things apart better. */
const NAMING = /^(name|title|label)$/;

/** `customerID` as customer, id; `purchased_at` as purchased, at; `movieid` as movie, id; plurals as singulars. */
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

const ROLE_WORDS = new Set(Object.values(ROLES).flat().join(' ').split(' '));

function unglued(token: string): string[] {
  const [, word = '', ending = ''] = /^(.+?)(id|no|nr|key|code|name|date|time)$/.exec(token) ?? [];
  return !ROLE_WORDS.has(token) && ROLE_WORDS.has(word) ? [word, ending] : [token];
}

/** Whether a text names a column of users, items or times, such as `user_id`; `user_7` is a value. */
export function isRoleName(text: string): boolean {
  const tokens = tokensOf(text);
  const isKnown = (token: string) => ROLE_WORDS.has(token) || IDENTIFYING.test(token) || NAMING.test(token);
  return tokens.some((token) => ROLE_WORDS.has(token)) && tokens.every(isKnown);
}

/** How well a name says that a column is a user or an item, from 0 to 4. */
export function nameScore(name: string, role: 'user' | 'item'): number {
  const tokens = tokensOf(name);
  const isNamed = tokens.length > 1 && tokens.some((token) => NAMING.test(token));
  const rest = tokens.filter((token) => !IDENTIFYING.test(token) && !(isNamed && NAMING.test(token)));
  const tier = ROLES[role].findIndex((words) => words.split(' ').includes(rest.at(-1) ?? ''));
  return tier < 0 ? 0 : 4 - tier - Number(isNamed) - Number(rest.length > 1);
}

/** How well a name says that a column is the time of a row, from 0 to 2; -2 for the time of something else. */
export function timeScore(name: string): number {
  const tokens = tokensOf(name);
  if (tokens.some((token) => OTHER_TIMES.test(token))) return -2;
  const tier = ROLES.time.findIndex((words) => words.split(' ').some((word) => tokens.includes(word)));
  return tier < 0 ? 0 : 2 - tier;
}

const has = (words: RegExp) => (name: string) => tokensOf(name).some((token) => words.test(token));

export const isDomainName = has(
  /^(genre|category|class|type|department|tag|topic|section|domain|format|brand|shelf|style|cuisine|subject|kind|group|family|channel)$/,
);
/** Whether a number only names something: codes have no order. */
export const isCodeName = (name: string): boolean =>
  /^(id|code|key|zip|postcode)$/.test(tokensOf(name).at(-1) ?? '');

/** Whether a column says what kind of thing happened in a row. */
export const isEventName = has(/^(event|action|activity|behaviou?r|interaction)$/);

export const isMeasureName = has(
  /^(rating|score|star|price|cost|amount|quantity|qty|count|value|weight|total|duration|rank|play|click|length|size|lat|lon|latitude|longitude|discount|revenue|sale|like|view|watching|feedback|review|text|comment|description|summary|note|label)$/,
);
export const isAttributeName = has(
  /^(age|gender|sex|country|city|state|region|zip|postcode|occupation|job|income|education|status|year|language|color|colour|name|verified)$/,
);
