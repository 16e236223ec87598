import { EVALUATION_NEGATIVES } from '../../tasks/negatives';
import { nameOf, unusedName } from './names';
import type { DomainProfile, Reason, UseProfile } from './profile';
import { isDomainName } from './words';

export interface ProposedTasks {
  readonly tasks: Readonly<Record<string, object>>;
  readonly reasons: readonly Reason[];
}

/** A recommendation task needs so many cold users to be trained and tested on. */
const ENOUGH_USERS = 10;
const ENOUGH_ITEMS = 2;
/** More of the interactions than this are no target domain but the data set itself. */
const MOST = 0.5;
const STAND_IN = 0.2;
const LIKE_THE_BEST = 0.5;

/** One or two recommendation tasks: short target domains, of other items each, that many users with a source sequence come to. */
export function proposeDomains(use: UseProfile): ProposedTasks {
  const minSource = use.domains.some((domain) => isUsable(domain, use, 3)) ? 3 : 1;
  const ranked = use.domains
    .filter((domain) => isUsable(domain, use, minSource))
    .map((domain) => ({ domain, merit: meritOf(domain, use, minSource) }))
    .sort((a, b) => b.merit - a.merit || isNumber(a.domain) - isNumber(b.domain))
    .filter(({ domain }, i, all) => all.findIndex((other) => other.domain.hash === domain.hash) === i);
  if (ranked.length === 0) return standIn(use);
  const [best, ...rest] = ranked;
  const second = rest.find(({ merit }) => merit >= LIKE_THE_BEST * best.merit);
  const chosen = second === undefined ? [best] : [best, second];
  const others = ranked.filter((each) => !chosen.includes(each)).slice(0, 5);
  const tasks: Record<string, object> = {};
  const reasons = chosen.map(({ domain }, i) => {
    const name = unusedName(
      nameOf(domain.value, `${nameOf(domain.field, 'target')}-${i + 1}`),
      Object.keys(tasks),
    );
    tasks[name] = taskOf(domain, minSource);
    const possible =
      i === 0 && others.length > 0
        ? `; possible as well: ${others.map(({ domain: { field, value } }) => `${field} ${value}`).join(', ')}`
        : '';
    return { what: `task ${name}`, why: `${described(domain, use, minSource)}${possible}` };
  });
  return { tasks, reasons };
}

/** 1 or 0: a name says more than the number that stands for it. */
const isNumber = ({ value }: DomainProfile) => (Number.isNaN(Number(value)) ? 0 : 1);

const coldUsers = ({ cold, barelyCold }: DomainProfile, minSource: number) =>
  minSource === 3 ? cold : barelyCold;

function isUsable(domain: DomainProfile, { interactions, users }: UseProfile, minSource: number): boolean {
  const enough = Math.max(ENOUGH_USERS, 0.02 * users);
  return (
    domain.items >= ENOUGH_ITEMS &&
    domain.interactions <= MOST * interactions &&
    coldUsers(domain, minSource) >= enough
  );
}

/** Many cold users, little of the source taken away, items enough to rank, and a field that is called a domain. */
function meritOf(domain: DomainProfile, use: UseProfile, minSource: number): number {
  const reach = coldUsers(domain, minSource) / use.users;
  const left = 1 - domain.interactions / use.interactions;
  const choice = Math.min(1, domain.items / (1 + EVALUATION_NEGATIVES));
  return reach * left * choice * (isDomainName(domain.field) ? 1 : 0.4);
}

function taskOf({ field, value, targets, sources }: DomainProfile, minSource: number): object {
  return recommend({ field, any: [value] }, targets, sources, minSource);
}

function recommend(target: object, targets: number, sources: number, minSource: number): object {
  return {
    kind: 'recommend',
    target,
    perUser: Math.min(5, Math.max(1, Math.round(targets))),
    length: Math.min(100, Math.max(5, 5 * Math.ceil(sources / 5))),
    ...(minSource === 3 ? {} : { minSource }),
  };
}

function described(domain: DomainProfile, use: UseProfile, minSource: number): string {
  const { field, value, items, interactions } = domain;
  const percent = ((100 * interactions) / use.interactions).toFixed(1);
  const cold = coldUsers(domain, minSource).toLocaleString('en-US');
  return `items with ${field} ${value}: ${items.toLocaleString('en-US')} items, ${percent} % of the interactions; ${cold} users have ${minSource} or more others`;
}

/** No field tells domains apart well enough. */
function standIn({ median, most }: UseProfile): ProposedTasks {
  const minSource = (1 - STAND_IN) * median >= 3 ? 3 : 1;
  const task = recommend({ share: STAND_IN }, STAND_IN * median, (1 - STAND_IN) * most, minSource);
  const why =
    'no field of items tells a domain apart that enough users come to: a fifth of the items, drawn by a hash of their ids, stands in';
  return { tasks: { Drawn: task }, reasons: [{ what: 'task Drawn', why }] };
}
