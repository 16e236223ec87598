/** The data: what there is to learn and to test, what needs no learning, and whether it is enough. */
import { whole } from '../../base/counted';
import type { Description, TaskDescription } from '../../data/describe/describe';
import { columnsOf, type Table } from '../../report/table/table';

/** Instances and labels of each task, and what needs no learning. */
export function baselinesTable({ tasks }: Description): Table {
  return {
    name: 'data-baselines',
    caption: 'Instances, and what the most frequent label reaches.',
    columns: [
      ...columnsOf({ task: 'Task', instances: 'Instances', tested: 'Tested', labels: 'Labels' }),
      { key: 'majority', label: 'Most frequent', digits: 1, style: 'percent' },
      ...columnsOf({ hr: ['HR@5', 3], mrr: ['MRR@5', 3] }),
      ...columnsOf({ fullHr: ['HR@5, all items', 3], fullMrr: ['MRR@5, all items', 3] }),
      ...columnsOf({ short: 'Users short of negatives' }),
    ],
    rows: tasks.map((task) => ({
      task: task.task,
      instances: task.targetInstances,
      tested: task.testInstances,
      labels: task.labels,
      majority: task.majority,
      hr: task.popularity?.['HR@5'] ?? null,
      mrr: task.popularity?.['MRR@5'] ?? null,
      fullHr: task.popularity?.['HR@5/full'] ?? null,
      fullMrr: task.popularity?.['MRR@5/full'] ?? null,
      short: task.usersShortOfNegatives,
    })),
    note:
      'Most frequent: the share of the most frequent label; on a timeline, of the one before its time among those tested. HR@5, ' +
      'MRR@5: item popularity on the test part of seed 1, among 1 + 99 items or a split file’s negatives, and among all. Short of ' +
      'negatives: users with fewer than 99 left.',
  };
}

/** Everything that no task uses. */
export function droppedTable({ name, dropped, tasks }: Description): Table {
  const notes = [
    ...dropped.map((note) => ({ where: name, ...note })),
    ...tasks.flatMap(({ task, dropped: own }) => own.map((note) => ({ where: task, ...note }))),
  ];
  return {
    name: 'data-dropped',
    caption: notes.length === 0 ? 'Nothing was dropped.' : 'What was dropped, and why.',
    columns: columnsOf({ where: 'Task', what: 'What', why: 'Why', count: 'Count' }),
    rows: notes,
  };
}

/** Largest half-width of a 95 % interval at which a test part is called enough. */
const ENOUGH = 0.05;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** z of a 95 % interval. */
const Z = 1.96;

/** The share that needs no learning, and its 95 % interval (Wilson 1927). */
export function precisionOf({ majority, popularity, testInstances: n }: TaskDescription) {
  const share = popularity?.['HR@5'] ?? majority;
  const centre = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return { metric: popularity ? 'HR@5' : 'Acc', share, low: centre - half, high: centre + half };
}

/** The answer as Markdown. */
export function answer({ name, interactions, users, items, tasks }: Description): string {
  const enough = tasks.map(precisionOf).filter(({ low, high }) => (high - low) / 2 <= ENOUGH);
  return [
    `**How closely can methods be measured on ${name}? One test part measures ${enough.length} of ` +
      `${tasks.length} tasks to within ${percent(ENOUGH)}.**`,
    `${name} holds ${whole(interactions)} interactions of ${whole(users)} users with ${whole(items)} items. ` +
      'A method has to beat these shares of one split, which need no learning, by more than their uncertainty:',
    tasks.map(taskLine).join('\n'),
    'Differences between trained methods are often smaller: `npm run sweep -- --plan` says which of them each claim can decide.',
  ].join('\n\n');
}

function taskLine(task: TaskDescription): string {
  const { metric, share, low, high } = precisionOf(task);
  const baseline = metric === 'Acc' ? 'the most frequent class' : 'item popularity';
  return (
    `- ${task.task}: ${metric} of ${baseline} ${percent(share)}, 95 % from ${percent(low)} to ${percent(high)}, ` +
    `on ${whole(task.testInstances)} test instances.`
  );
}
