/** Names of columns that a proposal knows; any other column is the user's to name in the card. */

const NAMES = {
  user: 'user uid usr customer client member visitor consumer buyer shopper subscriber listener reader viewer player reviewer person people patient student learner traveller',
  item: 'item iid product sku asin isbn movie film song track book article video game app course recipe restaurant business hotel listing place venue anime show podcast news post beer wine stock good content page url',
  time: 'time timestamp ts date datetime day unixtime unixtimestamp tdat',
  domain:
    'genre category categorie class classe type tag topic department section domain format brand shelf style cuisine subject kind group family channel',
  label:
    'age gender sex country city state region occupation job income education status language plan level segment',
} as const;

/** A moment of what a row tells: `purchased_at`, `orderDate`, `review time`; births and releases are others. */
const EVENT =
  /^(creat|purchas|order|rat|review|unixreview|visit|view|click|watch|listen|play|event|invoice|interaction)(ed?|ing)?(at|time|date|timestamp)$/;
/** Lengths of time. */
const LENGTH = /^(watch|listen|play|view)(ing)?time$/;

/** `customerID`, `customer_id` and RecBole's `customer_id:token` as customer. */
const bare = (name: string): string =>
  name
    .replace(/:(token|float)(_seq)?$/, '')
    .toLowerCase()
    .replace(/[^\p{L}\d]/gu, '')
    .replace(/(?<=..)(id|ids|no|nr|key|code)$/, '');

/** Whether a name says what a column holds. */
export function isNamed(name: string, as: keyof typeof NAMES): boolean {
  const [word, known] = [bare(name), NAMES[as].split(' ')];
  if (as === 'time' && EVENT.test(word) && !LENGTH.test(word)) return true;
  return known.includes(word) || known.includes(word.replace(/s$/, ''));
}
