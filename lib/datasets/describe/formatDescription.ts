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
  const { name, interactions, users, items, tasks, licence, citation, dropped, fields, timeline } =
    description;
  const lines = [
    `${name}: ${whole(interactions)} interactions, ${whole(users)} users, ${whole(items)} items`,
    '',
    ...alignedTable(tasks),
    '',
    ...(timeline === null ? [] : timelineLines(timeline, description)),
    ...tasks.filter(({ kind }) => kind === 'classify').map(classLine),
    ...tasks.flatMap(popularityLine),
    ...tasks.flatMap(hindsightLine),
    ...tasks.flatMap(validationLine),
    ...tasks.filter(({ task, source }) => task === source).flatMap(roomLine),
    ...tasks.filter((task) => task.usersShortOfNegatives > 0).map(negativesLine),
    ...fieldLines(fields),
    ...dropped.map((note) => droppedLine(name, note)),
    ...tasks.flatMap(({ task, dropped: own }) => own.map((note) => droppedLine(task, note))),
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

/** What is learnt and what is tested, and what predicting the label that was most frequent reaches there. */
function timelineLines(
  { time, interactions }: NonNullable<Description['timeline']>,
  { interactions: ofAll, tasks }: Description,
): string[] {
  return [
    `Timeline: ${whole(interactions)} of ${whole(ofAll)} interactions lie before ${time}; what comes at that time or later is tested`,
    ...tasks.map(
      ({ task, targetInstances, testInstances, majority }) =>
        `${task}: ${whole(testInstances)} of ${whole(targetInstances)} instances are tested; ` +
        `the label that is most frequent before that time is that of ${percent(majority)} of them`,
    ),
  ];
}

function classLine({ task, classShares }: TaskDescription): string {
  const shares = Object.entries(classShares).map(([name, share]) => `${name} ${percent(share)}`);
  return `${task}: ${shares.join(', ')}`;
}

function popularityLine({ task, popularity, testInstances, namesNegatives }: TaskDescription): string[] {
  if (popularity === null) return [];
  const reached = (pool: '' | '/full') =>
    `HR@5 ${popularity[`HR@5${pool}`].toFixed(3)}, MRR@5 ${popularity[`MRR@5${pool}`].toFixed(3)}`;
  return [
    `${task}: item popularity on the test part of seed 1 (${whole(testInstances)} instances): ` +
      `${reached('')} among ${namesNegatives ? 'the negatives of the split file' : '1 + 99'}; ${reached('/full')} among all`,
  ];
}

/** Nothing where no source item came after its target. */
function hindsightLine({ task, hindsight }: TaskDescription): string[] {
  if (hindsight === null || hindsight.instances === 0) return [];
  return [
    `${task}: ${percent(hindsight.items)} of what a source sequence holds came after the target item, some of it for ` +
      `${percent(hindsight.instances)} of the instances`,
  ];
}

/** Nothing where the paper's 3 % are enough. */
function validationLine({ task, validation: { instances, joined, enough } }: TaskDescription): string[] {
  if (!enough)
    return [
      `${task}: ${whole(instances)} validation instances are too few to stop training by: it takes a fixed number of passes`,
    ];
  if (joined === 0) return [];
  return [
    `${task}: ${whole(joined)} of the ${whole(instances)} validation instances come out of the training part`,
  ];
}

/** Room for so many times what the longest sequence takes is more than a round number. */
const AMPLE = 2;

function roomLine({ task, room: { length, longest } }: TaskDescription): string[] {
  if (length < AMPLE * longest) return [];
  const enough = Math.max(2, longest);
  return [
    `${task}: the longest source sequence has ${whole(longest)} items: a "length" of ${enough} in place of ${whole(length)} takes less time and memory`,
  ];
}

function negativesLine({ task, usersShortOfNegatives }: TaskDescription): string {
  return `${task}: ${whole(usersShortOfNegatives)} users with fewer than 99 negatives are ranked against all that remain`;
}

function fieldLines(fields: Description['fields']): string[] {
  return (['users', 'items'] as const).flatMap((of) => {
    const own = fields.filter((field) => field.of === of).map(({ field, type }) => `${field} (${type})`);
    return own.length > 0 ? [`Fields of ${of}: ${own.join(', ')}`] : [];
  });
}

function droppedLine(where: string, { what, why, count }: Dropped): string {
  return `${where}: dropped ${whole(count)} ${what}: ${why}`;
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
