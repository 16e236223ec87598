import type { Dropped } from '../card/dropped';
import type { Description, TaskDescription } from './describe';

/** Columns of the printed table: a heading and the value of one task below it. */
const COLUMNS: readonly (readonly [string, (task: TaskDescription) => string])[] = [
  ['task', ({ task }) => task],
  ['source of', ({ source }) => source],
  ['source instances', ({ sourceInstances }) => whole(sourceInstances)],
  ['source items', ({ sourceItems }) => whole(sourceItems)],
  [
    'length min/median/mean/max',
    ({ sequenceLength: s }) => `${s.min}/${s.median}/${s.mean.toFixed(1)}/${s.max}`,
  ],
  ['target users', ({ users }) => whole(users)],
  ['target instances', ({ targetInstances }) => whole(targetInstances)],
  ['labels', ({ labels }) => whole(labels)],
  ['majority', ({ majority }) => percent(majority)],
];

/** A description as text for a terminal. */
export function formatDescription(description: Description): string {
  const { name, interactions, users, items, fields, tasks, licence, citation, dropped } = description;
  const fieldsOf = (of: 'users' | 'items') =>
    fields.flatMap((field) => (field.of === of ? `${field.field} (${field.type})` : [])).join(', ');
  const lines = [
    `${name}: ${whole(interactions)} interactions, ${whole(users)} users, ${whole(items)} items`,
    '',
    ...alignedTable(tasks),
    '',
    ...timelineLines(description),
    ...NOTES.flatMap((note) =>
      tasks.flatMap((task) => {
        const text = note(task);
        return text === undefined ? [] : `${task.task}: ${text}`;
      }),
    ),
    ...(['users', 'items'] as const).flatMap((of) =>
      fieldsOf(of) === '' ? [] : `Fields of ${of}: ${fieldsOf(of)}`,
    ),
    ...dropped.map((note) => `${name}: ${droppedLine(note)}`),
    ...tasks.flatMap(({ task, dropped: own }) => own.map((note) => `${task}: ${droppedLine(note)}`)),
    `Licence: ${licence ?? 'none stated'}`,
    `Citation: ${citation ?? 'none stated'}`,
  ];
  return lines.join('\n');
}

function alignedTable(tasks: readonly TaskDescription[]): string[] {
  const columns = COLUMNS.map(([heading, value]) => {
    const cells = [heading, ...tasks.map(value)];
    const width = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padEnd(width));
  });
  return columns[0].map((_, row) =>
    columns
      .map((cells) => cells[row])
      .join('  ')
      .trimEnd(),
  );
}

/** Sizes before and after the time, and the accuracy of the label that was most frequent before it. */
function timelineLines({ timeline, interactions: ofAll, tasks }: Description): string[] {
  if (timeline === null) return [];
  const { time, interactions } = timeline;
  return [
    `Timeline: ${whole(interactions)} of ${whole(ofAll)} interactions lie before ${time}; what comes at that time or later is tested`,
    ...tasks.map(
      ({ task, targetInstances, testInstances, majority }) =>
        `${task}: ${whole(testInstances)} of ${whole(targetInstances)} instances are tested; ` +
        `always predicting the label most frequent before that time is right for ${percent(majority)} of them`,
    ),
  ];
}

/** Notes about a task, one kind after the other. */
const NOTES: readonly ((task: TaskDescription) => string | undefined)[] = [
  ({ kind, classShares }) => {
    const shares = Object.entries(classShares).map(([name, share]) => `${name} ${percent(share)}`);
    return kind === 'classify' ? shares.join(', ') : undefined;
  },
  ({ popularity, testInstances, namesNegatives }) => {
    if (popularity === null) return undefined;
    const reached = (pool: '' | '/full') =>
      `HR@5 ${popularity[`HR@5${pool}`].toFixed(3)}, MRR@5 ${popularity[`MRR@5${pool}`].toFixed(3)}`;
    const negatives = namesNegatives ? 'the negatives of the split file' : '1 + 99';
    const instances = `the test part of seed 1 (${whole(testInstances)} instances)`;
    return `item popularity on ${instances}: ${reached('')} among ${negatives}; ${reached('/full')} among all`;
  },
  ({ hindsight }) =>
    hindsight && hindsight.instances > 0
      ? `on average ${percent(hindsight.items)} of a source sequence came after the target item; ` +
        `${percent(hindsight.instances)} of the instances read such items`
      : undefined,
  ({ validation: { instances, joined, enough } }) => {
    if (!enough)
      return `${whole(instances)} validation instances, out of a fifth of the users, are too few for early stopping and tuning: the number of passes is fixed`;
    return joined > 0
      ? `${whole(joined)} of the ${whole(instances)} validation instances come out of the training part`
      : undefined;
  },
  ({ usersShortOfNegatives: users }) =>
    users > 0
      ? `${whole(users)} users with fewer than 99 negatives are ranked against all that remain`
      : undefined,
];

const droppedLine = ({ what, why, count }: Dropped) => `dropped ${whole(count)} ${what}: ${why}`;

const whole = (value: number) => value.toLocaleString('en-US');

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
