import type { ProposedTasks } from './domains';
import { nameOf, unusedName } from './names';
import type { LabelProfile, Reason } from './profile';

const MOST_CLASSES = 12;
const TASKS = 3;
/** A class needs users to learn from, and to be told from the others. */
const SMALLEST = 5;
const SMALLEST_SHARE = 0.01;
const LARGEST_SHARE = 0.95;
/** Classes out of many values are the most frequent, as long as they hold this share of the users. */
const FREQUENT = 5;
const ENOUGH = 0.6;

/** Profile tasks that share the source of a recommendation task. */
export function proposeLabels(
  labels: readonly LabelProfile[],
  source: string,
  used: readonly string[],
): ProposedTasks {
  const tasks: Record<string, object> = {};
  const reasons: Reason[] = [];
  for (const label of labels) {
    const classes = classesOf(label);
    if (typeof classes === 'string') reasons.push({ what: `no task ${label.field}`, why: classes });
    else if (Object.keys(tasks).length === TASKS)
      reasons.push({ what: `no task ${label.field}`, why: `possible as well, ${classes.why}` });
    else {
      const name = unusedName(nameOf(label.field, 'profile'), [...used, ...Object.keys(tasks)]);
      tasks[name] = { kind: 'classify', ...classes.spec, source };
      reasons.push({ what: `task ${name}`, why: classes.why });
    }
  }
  return { tasks, reasons };
}

interface Classes {
  readonly spec: object;
  readonly why: string;
}

/** The classes of a field, or why there are none. */
function classesOf(label: LabelProfile): Classes | string {
  const { values, distinct, quartiles } = label;
  if (quartiles !== undefined && distinct > MOST_CLASSES) return ranges(label, quartiles);
  const users = values.reduce((sum, [, count]) => sum + count, 0);
  const large = values.filter(([, count]) => count >= Math.max(SMALLEST, SMALLEST_SHARE * users));
  if (large.length < 2) return `fewer than 2 of its ${distinct} values have ${SMALLEST} users or more`;
  if (large[0][1] > LARGEST_SHARE * users) return `${share(large[0], users)} are nearly all users`;
  if (large.length === distinct && distinct <= MOST_CLASSES)
    return {
      spec: { label: label.field },
      why: `a field of users: ${large.map((each) => share(each, users)).join(', ')}`,
    };
  return frequent(label, large.slice(0, distinct <= MOST_CLASSES ? MOST_CLASSES : FREQUENT), users);
}

function frequent(
  { field, distinct }: LabelProfile,
  values: LabelProfile['values'],
  users: number,
): Classes | string {
  const held = values.reduce((sum, [, count]) => sum + count, 0) / users;
  if (held < ENOUGH)
    return `${distinct} values, of which the ${values.length} most frequent hold ${percent(held)} of the users`;
  const classes = values.map(([value]) => ({ name: value, where: { [field]: [value] } }));
  const shares = values.map((each) => share(each, users)).join(', ');
  return {
    spec: { classes },
    why: `the most frequent of ${distinct} values: ${shares}; the other users are left out`,
  };
}

/** Up to four classes of about as many users: the first that fits counts. */
function ranges({ field, distinct }: LabelProfile, quartiles: readonly number[]): Classes | string {
  const greatest = quartiles[quartiles.length - 1];
  const bounds = [...new Set(quartiles)].filter((bound) => bound < greatest);
  if (bounds.length === 0) return `${distinct} values, nearly all of them ${greatest}`;
  const upTo = bounds.map((to, i) => {
    const above = i === 0 ? 'up' : `above ${bounds[i - 1]} up`;
    return { name: `${above} to ${to}`, where: { [field]: { to } } };
  });
  const last = bounds[bounds.length - 1];
  const classes = [...upTo, { name: `above ${last}`, where: { [field]: { from: last } } }];
  return { spec: { classes }, why: `a number of users, cut at its quartiles ${bounds.join(', ')}` };
}

const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
const share = ([value, count]: readonly [string, number], users: number) =>
  `${value} ${percent(count / users)}`;
