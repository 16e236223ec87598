/** Protocols: what do the answers of RQ1 owe to how methods are evaluated? */

import { counted, whole } from '../base/counted';
import type { Timeline } from '../data/card/card';
import { hindsightOf } from '../data/describe/describe';
import { timelineIn } from '../data/open';
import { splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import { learntBefore } from '../data/tasks/timeline';
import type { Claim, Verdict } from '../evidence/claims';
import { type Bill, leakageBill, type Order } from '../evidence/protocols';
import type { Question } from '../evidence/questions';
import type { Planned } from '../experiments/methods/experiment';
import { isTrial } from '../experiments/methods/presets';
import { opponents } from '../experiments/opponents/opponents';
import type { Workbench } from '../experiments/workbench/workbench';
import { type Asking, fewSeeds, signed } from '../report/answer/answer';
import { columnsOf, type Table } from '../report/table/table';
import * as rq1 from './rq1';

/** The timeline of a data set's card, else the time before which four fifths of the interactions lie. */
export const timelineOn = (data: string): Timeline => timelineIn(data) ?? { share: 0.8 };

type Sized = Pick<Workbench, 'dataset' | 'tasks'> & { readonly table1: () => Table };

/** Table 1 with the test instances and users of seed 1 for each task, and sentences before its note. */
function sizes(
  { tasks, table1 }: Sized,
  name: string,
  protocol: string,
  sentences: readonly string[],
): Table {
  const { columns, rows, caption, note } = table1();
  return {
    name,
    caption: `${caption} ${protocol}`,
    columns: [...columns, ...columnsOf({ testedInstances: 'Instances tested', testedUsers: 'Users tested' })],
    rows: rows.map((row) => ({ ...row, ...testedOf(tasks.find(({ name }) => name === row.task) as Task) })),
    note: [...sentences, ...(note === undefined ? [] : [note])].join(' '),
  };
}

function testedOf(task: Task) {
  const { test } = splitInstances(task, 1);
  const users = new Set(test.map((place) => task.source.users[task.instances[place].user]));
  return { testedInstances: test.length, testedUsers: users.size };
}

/** The sizes of the tasks under the paper's protocol, and how much of what is read came after the item to be told. */
export function paperData(sized: Sized): Table {
  const later = sized.tasks.flatMap((task) => {
    const hindsight = hindsightOf(sized.dataset.histories, task);
    const share = hindsight && Math.round(100 * hindsight.items);
    return hindsight === null
      ? []
      : `${task.name}: ${share} % of what a source sequence holds came after the target item.`;
  });
  const protocol = 'Under the paper’s protocol: random splits, each seed’s own; those tested are of seed 1.';
  return sizes(sized, 'protocols-paper-data', protocol, later);
}

/** The sizes of the tasks on a timeline, its time, and which targets it leaves out. */
export function timelineData(sized: Sized): Table {
  const learnt = learntBefore(sized.dataset);
  if (learnt === undefined) throw new Error('a timeline is asked for');
  const lost = sized.tasks.flatMap(({ name, dropped }) =>
    dropped
      .filter(({ what }) => what === 'targets')
      .map(({ count, why }) => `${name}: ${whole(count)} targets are left out: ${why}.`),
  );
  const protocol =
    'On a timeline: what lies before its time is learnt, the rest is tested, the same by every seed.';
  return sizes(sized, 'protocols-timeline-data', protocol, [
    `Before ${learnt.time} lie ${whole(learnt.interactions)} of ${whole(learnt.ofAll)} interactions.`,
    ...lost,
  ]);
}

const { NeuFM, DeepFM } = opponents;

/** The family of RQ1, and what is compared with it on recommendation. */
export const runs: readonly Planned[] = [...rq1.runs, { on: 'recommend', experiments: [NeuFM, DeepFM] }];

/** Families of claims, those of RQ1. */
export const asks: readonly (readonly Question[])[] = rq1.asks;

/** Each claim under the paper's protocol and under the timeline. */
export function billTable(bills: readonly Bill[]): Table {
  const columns = (of: 'paper' | 'timely', label: string) =>
    columnsOf({ [of]: [label, 3], [`${of}Verdict`]: 'Verdict', [`${of}Users`]: 'Users' });
  return {
    name: 'protocols-leakage-bill',
    caption:
      'The claims of RQ1 under the paper’s protocol, with random splits, and under a timeline, with all training data before all ' +
      'test data.',
    columns: [
      ...columnsOf({ task: 'Task', claim: 'Claim', metric: 'Metric' }),
      ...columns('paper', 'Paper’s protocol'),
      ...columns('timely', 'Timeline'),
      ...columnsOf({ bill: ['Leakage bill', 3], low: ['95 % from', 3], high: ['to', 3] }),
    ],
    rows: bills.map(({ paper, timely, bill, low, high }) => ({
      ...{ task: paper.place, metric: paper.metric, bill, low, high },
      claim: `${paper.question.first.label} > ${paper.question.second.label}`,
      ...{ paper: paper.difference, paperVerdict: paper.verdict, paperUsers: paper.users },
      ...{ timely: timely.difference, timelyVerdict: timely.verdict, timelyUsers: timely.users },
    })),
    note:
      'Leakage bill: the difference under the paper’s protocol less that under the timeline, with all that changes between them. ' +
      'Its 95 % interval takes the two for independent and is not corrected for the number of rows. Users: those tested by any seed.',
  };
}

/** Methods by their means in the sample and in the whole pool, the best in the pool first; one table a task. */
export function orderTable({ task, metric, isGiven, standings, tau }: Order, protocol: string): Table {
  const sample = sampleOf(isGiven);
  return {
    name: `protocols-order-${task}-${protocol}`,
    caption:
      `${task}, ${protocol === 'paper' ? 'the paper’s protocol' : 'timeline'}: ${metric} among ${sample} and in the whole pool, ` +
      'all seeds together.',
    columns: [
      { key: 'method', label: 'Method' },
      { key: 'sampled', label: `Among ${sample}`, digits: 3, best: 'highest' },
      { key: 'corrected', label: 'Estimated from these', digits: 3, best: 'highest' },
      { key: 'full', label: 'In the whole pool', digits: 3, best: 'highest' },
    ],
    rows: [...standings]
      .sort((a, b) => b.full - a.full)
      .map(({ method, sampled, corrected, full }) => ({ method: method.label, sampled, corrected, full })),
    note:
      `Kendall’s τ with the order in the whole pool: among ${sample} ${tauText(tau.sampled)}, for the estimate ` +
      `${tauText(tau.corrected)}; noise of seeds and users lowers it. The estimate (Krichene and Rendle 2020, ` +
      'bias² + 0.1 · variance) is too low for methods that often rank the true item first, and may lie below 0.' +
      (isGiven ? ' It takes the negatives of the split file for drawn at random.' : ''),
  };
}

const sampleOf = (isGiven: boolean) => (isGiven ? 'the negatives of the split file' : '1 + 99');

const tauText = (tau: number) =>
  Number.isNaN(tau) ? 'none (methods tie throughout in one of the orders)' : tau.toFixed(2).replace('-', '−');

const VERDICTS: readonly Verdict[] = ['holds', 'does not hold', 'undecided', 'nothing learnt'];

/** Verdicts under the timeline of the claims that hold under the paper's protocol. */
function holdingInTime(data: string, bills: readonly Bill[]): string {
  const holding = bills.filter(({ paper }) => paper.verdict === 'holds');
  const first = `On ${data}, ${holding.length} of ${bills.length} claims hold under the paper’s protocol`;
  if (holding.length === 0) return `${first}.`;
  const then = VERDICTS.flatMap((verdict) => {
    const count = holding.filter(({ timely }) => timely.verdict === verdict).length;
    return count > 0 || verdict === 'holds' ? [`${verdict}: ${count}`] : [];
  });
  return `${first}; under the timeline, of these, ${then.join(', ')}.`;
}

const billLine = ({ paper: { place, question }, bill, low, high }: Bill) =>
  `${question.first.label} over ${question.second.label} on ${place} (${signed(bill)}, ${signed(low)} to ${signed(high)})`;

const tauLines = (orders: readonly Order[], of: string) =>
  orders.map(
    ({ task, isGiven, tau }) =>
      `- ${task}, ${of}: Kendall’s τ with the order in the whole pool is ${tauText(tau.sampled)} for ${sampleOf(isGiven)}, ${tauText(tau.corrected)} for the corrected estimate.`,
  );

type Protocol = { readonly claims: readonly Claim[]; readonly orders: readonly Order[] };

/** The answer as Markdown. */
export function answer(
  { dataset, ...bench }: Asking & Pick<Workbench, 'dataset'>,
  paper: Protocol,
  timely: Protocol,
): string {
  const bills = leakageBill(paper.claims, timely.claims);
  const head = '**What do the answers of RQ1 owe to how methods are evaluated?';
  if (isTrial(bench.preset))
    return `${head} Nothing is shown on ${dataset.name}: the tiny budgets of \`quick\` show that everything runs, not what is true.**`;
  const owed = bills.filter(({ low, high }) => low > 0 || high < 0);
  const late = bills.filter(({ paper, timely }) => timely.verdict === 'holds' && paper.verdict !== 'holds');
  return [
    `${head} ${holdingInTime(dataset.name, bills)}**`,
    ...fewSeeds(bench),
    late.length > 0 &&
      `Under the timeline ${counted(late.length, 'claim')} ${late.length === 1 ? 'holds that does' : 'hold that do'} not under the paper’s protocol.`,
    owed.length === 0
      ? 'The 95 % interval of every leakage bill includes 0.'
      : `- Leakage bills whose 95 % interval excludes 0 (one in twenty of ${bills.length} would by chance): ${owed.map(billLine).join('; ')}.`,
    ...tauLines(paper.orders, 'paper’s protocol'),
    ...tauLines(timely.orders, 'timeline'),
    'Under the timeline only users who came, or came back, at its time or later are tested; where these are few, intervals are wider.',
  ]
    .filter(Boolean)
    .join('\n\n');
}
