/** What do the answers of RQ1 owe to how methods are evaluated? */
import type { Timeline } from '../datasets/card/card';
import { timelineIn } from '../datasets/open';
import { learntBefore } from '../datasets/tasks/timeline';
import type { Claim } from '../evidence/claims';
import { type Bill, leakageBill, type Order } from '../evidence/protocols';
import type { Question } from '../evidence/questions';
import type { Planned } from '../methods/experiment';
import { opponents } from '../methods/opponents';
import { type Asking, fewSeeds, signed } from '../report/answer';
import type { Table } from '../report/table/table';
import type { Workbench } from '../runs/workbench';
import * as rq1 from './rq1';

/** The timeline of a data set's card; where it has none, the time before which four fifths of the interactions lie. */
export const timelineOn = (data: string): Timeline => timelineIn(data) ?? { share: 0.8 };

/** The sizes of the tasks on a timeline, its time, and which targets it leaves out. */
export function timelineData({
  dataset,
  tasks,
  table1,
}: Pick<Workbench, 'dataset' | 'tasks'> & { readonly table1: () => Table }): Table {
  const learnt = learntBefore(dataset);
  if (learnt === undefined) throw new Error('a timeline is asked for');
  const lost = tasks.flatMap(({ name, dropped }) =>
    dropped
      .filter(({ what }) => what === 'targets')
      .map(({ count, why }) => `${name}: ${whole(count)} targets are left out: ${why}.`),
  );
  const { caption, ...sizes } = table1();
  return {
    ...sizes,
    name: 'protocols-timeline-data',
    caption: `${caption} On a timeline: what lies before its time is learnt, the rest is tested.`,
    note: [
      `Before ${learnt.time} lie ${whole(learnt.interactions)} of ${whole(learnt.ofAll)} interactions.`,
      ...lost,
      ...(sizes.note === undefined ? [] : [sizes.note]),
    ].join(' '),
  };
}

const whole = (count: number) => count.toLocaleString('en');

const { NeuFM, DeepFM } = opponents;

/** The family of RQ1, and what is compared with it on recommendation. */
export const runs: readonly Planned[] = [...rq1.runs, { on: 'recommend', experiments: [NeuFM, DeepFM] }];

/** What is asked together, as in RQ1. */
export const asks: readonly (readonly Question[])[] = rq1.asks;

/** Each claim under the paper's protocol and under the timeline. */
export function billTable(bills: readonly Bill[]): Table {
  const columns = (of: 'paper' | 'timely', label: string) => [
    { key: of, label, digits: 3 },
    { key: `${of}Verdict`, label: 'Verdict' },
  ];
  return {
    name: 'protocols-leakage-bill',
    caption:
      'The claims of RQ1 under the paper’s protocol, whose splits know no time, and under a timeline, where all that is learnt ' +
      'lies before what is tested.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'claim', label: 'Claim' },
      { key: 'metric', label: 'Metric' },
      ...columns('paper', 'Paper’s protocol'),
      ...columns('timely', 'Timeline'),
      { key: 'bill', label: 'Leakage bill', digits: 3 },
      { key: 'low', label: '95 % from', digits: 3 },
      { key: 'high', label: 'to', digits: 3 },
    ],
    rows: bills.map(({ paper, timely, bill, low, high }) => ({
      ...{ task: paper.place, metric: paper.metric, bill, low, high },
      claim: `${paper.question.first.label} > ${paper.question.second.label}`,
      ...{ paper: paper.difference, paperVerdict: paper.verdict },
      ...{ timely: timely.difference, timelyVerdict: timely.verdict },
    })),
    note:
      'The leakage bill is the difference under the paper’s protocol less that under the timeline. It holds all that changes: the ' +
      'future that is no longer known, less to pre-train on and to learn from, shorter histories, and other users who are tested. Its 95 % interval takes both ' +
      'differences for independent and is not corrected for the number of rows. Under the timeline every seed tests the same ' +
      'instances, so users are drawn once for all seeds. What tuning chose before, it chose on random splits.',
  };
}

/** Methods by their means under 1 + 99 and in the whole pool, the best in the pool first; one table a task. */
export const orderTable = ({ task, metric, standings, tau }: Order, protocol: string): Table => ({
  name: `protocols-order-${task}-${protocol}`,
  caption:
    `${task}, ${protocol === 'paper' ? 'the paper’s protocol' : 'timeline'}: ${metric} among 1 + 99 and in the whole pool, ` +
    'all seeds together.',
  columns: [
    { key: 'method', label: 'Method' },
    { key: 'sampled', label: 'Among 1 + 99', digits: 3, best: 'highest' },
    { key: 'corrected', label: 'Estimated from these', digits: 3, best: 'highest' },
    { key: 'full', label: 'In the whole pool', digits: 3, best: 'highest' },
  ],
  rows: [...standings]
    .sort((a, b) => b.full - a.full)
    .map(({ method, sampled, corrected, full }) => ({ method: method.label, sampled, corrected, full })),
  note:
    `Kendall’s τ with the order in the whole pool: ${tauText(tau.sampled)} among 1 + 99, ${tauText(tau.corrected)} for the estimate ` +
    '(Krichene and Rendle 2020, bias² + 0.1 · variance).',
});

const tauText = (tau: number) =>
  Number.isNaN(tau) ? 'none, as all are equal' : tau.toFixed(2).replace('-', '−');

type Protocol = { readonly claims: readonly Claim[]; readonly orders: readonly Order[] };

/** What is now known, as Markdown. */
export function answer(bench: Asking, paper: Protocol, timely: Protocol): string {
  const { data, preset } = bench;
  const bills = leakageBill(paper.claims, timely.claims);
  const head = `**What do the answers of RQ1 owe to how methods are evaluated?`;
  if (preset.name === 'quick')
    return (
      `${head} Nothing is shown on ${data}: ` +
      'the tiny budgets of `quick` show that everything runs, not what is true.**'
    );
  const owed = bills.filter(({ low, high }) => low > 0 || high < 0);
  const same = bills.filter((bill) => bill.paper.verdict === bill.timely.verdict);
  const line = ({ paper: { place, question }, bill, low, high }: Bill) =>
    `${question.first.label} over ${question.second.label} on ${place} (${signed(bill)}, ${signed(low)} to ${signed(high)})`;
  const taus = [
    ...paper.orders.map((order) => ({ order, of: 'paper’s protocol' })),
    ...timely.orders.map((order) => ({ order, of: 'timeline' })),
  ];
  return [
    `${head} On ${data}, ${same.length} of ${bills.length} claims keep their verdict under the timeline.**`,
    ...fewSeeds(bench),
    owed.length === 0
      ? 'No leakage bill can be told from nothing.'
      : `- A leakage bill whose 95 % interval leaves 0 out (of ${bills.length} one in twenty would by chance): ` +
        `${owed.map(line).join('; ')}.`,
    ...taus.map(
      ({ order: { task, tau }, of }) =>
        `- ${task}, ${of}: Kendall’s τ of 1 + 99 with the whole pool is ${tauText(tau.sampled)}, of the corrected estimate ${tauText(tau.corrected)}.`,
    ),
    'What would need more data: under the timeline only those are tested who came, or came back, after its time, so that intervals are wider.',
  ].join('\n\n');
}
