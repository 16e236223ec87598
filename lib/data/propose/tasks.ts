/** Tasks that the measured fields make: a target domain and profiles. */
import { EVALUATION_NEGATIVES } from '../tasks/negatives';
import type { Reason } from './roles';
import type { Domain, Label, Sizes } from './use';

type ProposedTasks = { tasks: Record<string, object>; reasons: Reason[] };

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

/** The fewest cold users of a recommendation task. */
const ENOUGH_USERS = 10;
/** The largest share of the interactions: more is the data set itself. */
const MOST = 0.5;

/** A recommendation task: the target domain that most users with a source sequence come to, and that leaves a source. */
export function proposeDomain(sizes: Sizes, domains: readonly Domain[]): ProposedTasks {
  const length = Math.min(100, Math.max(5, 5 * Math.ceil(sizes.most / 5)));
  const task = (target: object) => ({ kind: 'recommend', target, perUser: 3, length });
  const shareOf = ({ interactions }: Domain) => interactions / sizes.interactions;
  const merit = (domain: Domain) =>
    domain.cold * Math.min(domain.items, 1 + EVALUATION_NEGATIVES) * (1 - shareOf(domain));
  const [best, ...others] = domains
    .filter((domain) => domain.items >= 2 && domain.cold >= ENOUGH_USERS && shareOf(domain) <= MOST)
    .sort((a, b) => merit(b) - merit(a));
  if (best === undefined) {
    const why =
      'no field is called a genre, category or the like: a fifth of the items, drawn by a hash, stands in';
    return { tasks: { Drawn: task({ share: 0.2 }) }, reasons: [{ what: 'task Drawn', why }] };
  }
  const { field, value, items, cold } = best;
  const names = others.slice(0, 5).map((other) => `${other.field} ${other.value}`);
  const also = names.length > 0 ? `; possible as well: ${names.join(', ')}` : '';
  const why = `${field} ${value}: ${items} items, ${percent(shareOf(best))} of the interactions; ${cold} users have 3 or more others${also}`;
  const name = nameOf(value, nameOf(field, 'target'));
  return { tasks: { [name]: task({ field, any: [value] }) }, reasons: [{ what: `task ${name}`, why }] };
}

const MOST_CLASSES = 12;

/** Profile tasks of fields with few values; they share the source of the recommendation task. */
export function proposeLabels(labels: readonly Label[], source: string): ProposedTasks {
  const tasks: Record<string, object> = {};
  const reasons = labels.map(({ field, values }) => {
    const name = nameOf(field, 'profile');
    if (values.length > MOST_CLASSES || name === source)
      return {
        what: `no task ${field}`,
        why: 'it has many values: a task with "classes" says which belong together',
      };
    tasks[name] = { kind: 'classify', label: field, source };
    const users = values.reduce((sum, [, count]) => sum + count, 0);
    const shares = values.map(([value, count]) => `${value} ${percent(count / users)}`).join(', ');
    return { what: `task ${name}`, why: `a field of users: ${shares}` };
  });
  return { tasks, reasons };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
