/** Tasks that the measured fields make: target domains and profiles. */
import { EVALUATION_NEGATIVES } from '../tasks/negatives';
import { type Column, MOSTLY } from './measure';
import type { Reason } from './roles';
import type { Domain, Label, Sizes } from './use';
import {
  isAttributeName,
  isCodeName,
  isDomainName,
  isMeasureName,
  nameScore,
  timeScore,
  tokensOf,
} from './words';

type ProposedTasks = { tasks: Record<string, object>; reasons: Reason[] };

const isTime = ({ dates, name }: Column) => dates >= MOSTLY || timeScore(name) > 0;

const isList = (column: Column) => column.isList || column.separator !== undefined;

/** Whether a column may tell target domains apart: lists, and few values that come again. */
export function mayBeDomain(column: Column): boolean {
  const { name, distinct, filled, numbers, wholes } = column;
  if (distinct < 2 || isTime(column) || (isMeasureName(name) && !isDomainName(name))) return false;
  const isMeasured = numbers >= MOSTLY && (wholes < numbers || distinct > 50);
  return isList(column) || (!isMeasured && distinct <= 1000 && distinct <= 0.5 * filled);
}

/** Whether a column may tell profiles apart: few values, and numbers that can be cut into ranges. */
export function mayBeLabel(column: Column, users: number): boolean {
  const { name, distinct, numbers } = column;
  if (distinct < 2 || isList(column) || isTime(column)) return false;
  if (nameScore(name, 'user') + nameScore(name, 'item') > 0 && !isAttributeName(name)) return false;
  const isAge = tokensOf(name).some((word) => /^(age|income)$|^birth|year$/.test(word));
  return isAge || distinct <= Math.max(12, (numbers >= MOSTLY ? 0.5 : 0.1) * users);
}

/** A text as the name of a task or a data set: accents go, whatever else is not allowed becomes a hyphen. */
export function nameOf(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? otherwise : plain;
}

function unusedName(name: string, used: object): string {
  const names = [name, ...Array.from({ length: 9 }, (_, i) => `${name}-${i + 2}`)];
  return names.find((each) => !Object.hasOwn(used, each)) as string;
}

/** The fewest cold users of a recommendation task. */
const ENOUGH_USERS = 10;
/** The largest share of the interactions: more is the data set itself. */
const MOST = 0.5;
/** The share of the items that stands in for a domain. */
const STAND_IN = 0.2;
/** The share of the merit of the first task that a second needs. */
const LIKE_THE_BEST = 0.5;

/** One or two recommendation tasks: small target domains that many users with a source sequence come to. */
export function proposeDomains(sizes: Sizes, domains: readonly Domain[]): ProposedTasks {
  const isNumber = ({ value }: Domain) => Number(!Number.isNaN(Number(value)));
  const ranked = domains
    .map((domain) => ({ ...domain, merit: meritOf(domain, sizes) }))
    .filter(({ merit }) => merit > 0)
    .sort((a, b) => b.merit - a.merit || isNumber(a) - isNumber(b));
  if (ranked.length === 0) return standIn(sizes);
  const [best, ...rest] = ranked;
  const second = rest.find(({ field, merit }) => field === best.field && merit >= LIKE_THE_BEST * best.merit);
  const others = rest.filter((each) => each !== second).slice(0, 5);
  const names = others.map(({ field, value }) => `${field} ${value}`).join(', ');
  const tasks: Record<string, object> = {};
  const reasons = [best, ...(second ? [second] : [])].map((domain) => {
    const { field, value, items, cold, targets, sources } = domain;
    const name = unusedName(nameOf(value, nameOf(field, 'target')), tasks);
    tasks[name] = recommend({ field, any: [value] }, targets, sources);
    const share = ((100 * domain.interactions) / sizes.interactions).toFixed(1);
    const why = `${field} ${value}: ${items} items, ${share} % of the interactions; ${cold} users have 3 or more others`;
    const also = domain === best && names ? `; possible as well: ${names}` : '';
    return { what: `task ${name}`, why: `${why}${also}` };
  });
  return { tasks, reasons };
}

/** Many cold users, little taken from the source, items enough to rank, a field called a domain; 0: no task. */
function meritOf({ field, items, cold, interactions }: Domain, sizes: Sizes): number {
  const share = interactions / sizes.interactions;
  if (items < 2 || share > MOST || cold < Math.max(ENOUGH_USERS, 0.02 * sizes.users)) return 0;
  const choice = Math.min(1, items / (1 + EVALUATION_NEGATIVES));
  return (cold / sizes.users) * (1 - share) * choice * (isDomainName(field) ? 1 : 0.4);
}

/** A task of so many targets and source items a user, rounded. */
function recommend(target: object, targets: number, sources: number): object {
  const perUser = Math.min(5, Math.max(1, Math.round(targets)));
  return {
    kind: 'recommend',
    target,
    perUser,
    length: Math.min(100, Math.max(5, 5 * Math.ceil(sources / 5))),
  };
}

function standIn({ median, most }: Sizes): ProposedTasks {
  const task = recommend({ share: STAND_IN }, STAND_IN * median, (1 - STAND_IN) * most);
  const isShort = (1 - STAND_IN) * median < 3;
  const why = 'no field makes a domain for enough users: a fifth of the items, drawn by a hash, stands in';
  const tasks = { Drawn: isShort ? { ...task, minSource: 1 } : task };
  return { tasks, reasons: [{ what: 'task Drawn', why }] };
}

const MOST_CLASSES = 12;
const MOST_TASKS = 3;
/** The fewest users of a class, and its least and largest share of them. */
const SMALLEST = 5;
const SMALLEST_SHARE = 0.01;
const LARGEST_SHARE = 0.95;
/** Of many values so many of the most frequent are classes, if they have this share of the users. */
const FREQUENT = 5;
const ENOUGH = 0.6;

/** Profile tasks that share the source of the first recommendation task. */
export function proposeLabels(labels: readonly Label[], used: ProposedTasks['tasks']): ProposedTasks {
  const [source] = Object.keys(used);
  const tasks: Record<string, object> = {};
  const reasons = labels.map((label) => {
    const { spec, why } = classesOf(label);
    if (spec === undefined) return { what: `no task ${label.field}`, why };
    if (Object.keys(tasks).length === MOST_TASKS)
      return { what: `no task ${label.field}`, why: `${MOST_TASKS} are enough; possible as well: ${why}` };
    const name = unusedName(nameOf(label.field, 'profile'), { ...used, ...tasks });
    tasks[name] = { kind: 'classify', ...spec, source };
    return { what: `task ${name}`, why };
  });
  return { tasks, reasons };
}

/** The classes of a field and why, or why there are none. */
function classesOf({ field, values, users, distinct, quartiles }: Label): { spec?: object; why: string } {
  if (quartiles !== undefined && distinct > MOST_CLASSES && !isCodeName(field))
    return ranges(field, quartiles);
  const large = values.filter(([, count]) => count >= Math.max(SMALLEST, SMALLEST_SHARE * users));
  const classes = large.slice(0, distinct <= MOST_CLASSES ? MOST_CLASSES : FREQUENT);
  const covered = classes.reduce((sum, [, count]) => sum + count, 0) / users;
  const shares = classes.map(([value, count]) => `${value} ${percent(count / users)}`).join(', ');
  const of = `${classes.length} of ${distinct} values have ${percent(covered)} of the users`;
  if (classes.length < 2 || covered < ENOUGH || large[0][1] > LARGEST_SHARE * users)
    return { why: `no classes of enough users: ${of}` };
  if (classes.length === distinct) return { spec: { label: field }, why: `a field of users: ${shares}` };
  const spec = { classes: classes.map(([value]) => ({ name: value, where: { [field]: [value] } })) };
  return { spec, why: `${of}: ${shares}; the others are left out` };
}

/** Up to four classes of about as many users: the first that fits counts. */
function ranges(field: string, quartiles: readonly number[]) {
  const greatest = quartiles[quartiles.length - 1];
  const bounds = [...new Set(quartiles)].filter((bound) => bound < greatest);
  if (bounds.length === 0) return { why: `nearly all of its values are ${greatest}` };
  const upTo = bounds.map((to, i) => ({
    name: `${i === 0 ? 'up' : `above ${bounds[i - 1]} up`} to ${to}`,
    where: { [field]: { to } },
  }));
  const last = bounds[bounds.length - 1];
  const classes = [...upTo, { name: `above ${last}`, where: { [field]: { from: last } } }];
  return { spec: { classes }, why: `a number of users, cut at its quartiles ${bounds.join(', ')}` };
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
