/** From how many users on does a pre-trained trunk pay? Shares of the users of pre-training, crossed with shares of the labels. */

import { whole } from '../base/counted';
import { ageEst, coldRec2 } from '../data/paper/tasks';
import type { TaskFacts } from '../data/tasks/facts';
import type { Claim } from '../evidence/claims';
import { type Crossing, crossing, type Pairs } from '../evidence/crossings';
import { rowReader } from '../evidence/instances';
import { type Mean, meanOf } from '../evidence/means';
import { asked, better, beyondPaper, type Question } from '../evidence/questions';
import { type CompletedRun, completedOn } from '../experiments/documents/completedRun';
import { inBestSetting } from '../experiments/methods/best';
import type { Experiment, FineTuning, Planned } from '../experiments/methods/experiment';
import { causal } from '../experiments/methods/family';
import { called, percentOf, placeOf } from '../experiments/methods/identity';
import { isTrial } from '../experiments/methods/presets';
import { opponents, untrained } from '../experiments/opponents/opponents';
import { type Answer, type Asking, STATES } from '../report/answer/answer';
import { convergenceFigure, type Panel } from '../report/figure/convergenceFigure';
import type { Figure } from '../report/figure/smallMultiples';
import { trunkCurves } from '../report/figure/trunkCurves';
import { columnsOf, type Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import type { ResearchQuestion } from './question';

/** Shares of the users that a trunk is pre-trained on, and of the labels of a task. */
export const USERS = [0.03, 0.1, 0.3, 1] as const;
export const LABELS = [0.1, 0.3, 1] as const;

const plainly = (method: FineTuning) => called(inBestSetting(method), method.label);

/** Each tuned from a trunk of every share of users … */
const onTrunk = [causal.PeterRec, causal.FineAll, causal.FineCLS].map(plainly);
/** … and what needs no pre-trained trunk. */
const FineZero = plainly(causal.FineZero);
const trunkless: readonly Experiment[] = [FineZero, opponents.NeuFM, opponents.BagOfItems];
const [PeterRec, FineAll] = onTrunk;

/** All is the absence of a share: documents of other questions serve this one too. */
const ofLabels = <E extends Experiment>(experiment: E, training: number): E =>
  training === 1 ? experiment : { ...experiment, training };
const onUsers = (method: FineTuning, pretraining: number): FineTuning =>
  pretraining === 1 ? method : { ...method, pretraining };

const on = [coldRec2.name, ageEst.name];

export const experiments: readonly Experiment[] = LABELS.flatMap((labels) =>
  [
    ...untrained,
    ...trunkless,
    ...USERS.flatMap((users) => onTrunk.map((method) => onUsers(method, users))),
  ].map((experiment) => ofLabels(experiment, labels)),
);

export const runs: readonly Planned[] = [{ on, experiments }];

const named = (method: FineTuning, users: number): FineTuning =>
  called(onUsers(method, users), `${method.label}, ${percentOf(users)} of the users`);

/** Whether PeterRec is ahead of what needs no pre-trained trunk, by the share of the users of pre-training; from all labels. */
const against = (other: Experiment) => USERS.map((users) => better(named(PeterRec, users), other));
export const questions: readonly Question[] = beyondPaper(asked(on, trunkless.flatMap(against)));

/** Families of claims, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions];

/** Users that a trunk of a share of the users is pre-trained on. */
const usersOf = ({ pretrainingUsers }: TaskFacts, share: number): number =>
  Math.max(1, Math.round(pretrainingUsers * share));

/** Curves of pre-training, of trunks of all users. */
export const trunks = ({ pretraining }: CompletedRun): Figure => trunkCurves('scale-trunks', pretraining);

/** The metric of a task over the users of pre-training, a panel for each share of the labels. */
export function figureOf(completed: CompletedRun, name: string): Figure {
  const rowsOf = rowReader(completed.out);
  const task = completed.tasks.find((one) => one.name === name) as TaskFacts;
  const panels = LABELS.map((training): Panel => {
    const reached = (method: Experiment) => meanOf(completed, name, ofLabels(method, training), rowsOf);
    const lineOf = ({ label }: Experiment, at: (share: number) => Mean) => ({
      label,
      points: USERS.map((share) => ({ x: usersOf(task, share), ...at(share) })),
    });
    return {
      title: placeOf(name, { training }),
      xLabel: 'Users of pre-training',
      yLabel: task.metric,
      xTicks: USERS.map((share) => usersOf(task, share)),
      series: [
        ...onTrunk.map((method) => lineOf(method, (share) => reached(onUsers(method, share)))),
        ...trunkless.map((method) => {
          const level = reached(method);
          return lineOf(method, () => level);
        }),
      ],
    };
  });
  return convergenceFigure({
    name: `scale-${name}`,
    caption:
      `${name} over the users that the trunk is pre-trained on (logarithmic), by the share of the labels, in the best setting. ` +
      'Means over seeds with 95 % intervals over users and trainings; horizontal lines need no pre-trained trunk. At every share, ' +
      'early stopping uses a tenth of all users in pre-training, out of those for choosing, and the whole validation part on the task.',
    panels,
  });
}

/** The figures of the tasks that ran. */
export const figures = (completed: CompletedRun): Figure[] =>
  tasksOf(completed).map(({ name }) => figureOf(completed, name));

function tasksOf(completed: CompletedRun): TaskFacts[] {
  const { tasks, results } = completedOn(completed, on);
  return tasks.filter(({ name }) => results.some(({ task }) => task === name));
}

/** The pairs of methods whose crossing is asked. */
const pairs: readonly (readonly [FineTuning, Experiment])[] = [
  ...trunkless.map((other) => [PeterRec, other] as const),
  [FineAll, FineZero],
];

type Found = Crossing & {
  readonly task: TaskFacts;
  readonly training: number;
  readonly first: FineTuning;
  readonly second: Experiment;
};

/** From how many users on a method with a trunk is ahead of one without, on each task and share of the labels. */
export function crossings(completed: CompletedRun): Found[] {
  const rowsOf = rowReader(completed.out);
  return tasksOf(completed).flatMap((task) =>
    LABELS.flatMap((training) =>
      pairs.map(([first, second]) => {
        const steps: Pairs = USERS.map((share) => ({
          users: usersOf(task, share),
          first: ofLabels(onUsers(first, share), training),
          second: ofLabels(second, training),
        }));
        return { task, training, first, second, ...crossing(completed, task.name, steps, rowsOf) };
      }),
    ),
  );
}

/** `1,410`, `< 163`, `> 5,436` */
function inUsers(task: TaskFacts, users: number): string {
  const [least, most] = [USERS[0], USERS[USERS.length - 1]].map((share) => usersOf(task, share));
  if (users === 0) return `< ${whole(least)}`;
  return users === Number.POSITIVE_INFINITY ? `> ${whole(most)}` : whole(Math.round(users));
}

/** `410 [< 163 to 1,200]`; `< 163` where that is the whole interval. */
function intervalOf({ task, users, low, high, isLearnt }: Found): string {
  if (!isLearnt) return STATES.unlearnt.sign;
  const [found, from, to] = [users, low, high].map((count) => inUsers(task, count));
  return from === to ? found : `${found} [${from} to ${to}]`;
}

export const crossingsTable = (found: readonly Found[]): Table => ({
  name: 'scale-crossings',
  caption:
    'Users of pre-training from which on the first method stays ahead of the second, with 95 % intervals.',
  columns: columnsOf({ place: 'Task', first: 'First', second: 'Second', users: 'Users [95 %]' }),
  rows: found.map((one) => ({
    place: placeOf(one.task.name, { training: one.training }),
    first: one.first.label,
    second: one.second.label,
    users: intervalOf(one),
  })),
  note:
    'Differences are interpolated linearly over the logarithm of the users; a 95 % interval ends where ' +
    'those of the differences leave 0. ' +
    `${STATES.unlearnt.sign}: with all users, the better of the two is not shown to beat popularity or LabelCS.`,
});

const published = evidenceOf(
  'scale',
  'PeterRec against methods without a pre-trained trunk, by the users of pre-training.',
  {
    'scale-claims': 'All labels',
  },
);
export const [evidence] = published.tables;
export const { forestOf } = published;
const answerTo = published.answerTo({
  question: 'From how many users on does a pre-trained trunk pay?',
  isOwn: true,
});

/** A sentence for each task: where PeterRec passes what needs no pre-trained trunk, from all labels. */
export function answer(bench: Asking, found: readonly Found[], claims: readonly Claim[]): Answer {
  const own = answerTo(bench, claims);
  if (isTrial(bench.preset)) return own;
  const notes = [...new Set(found.map(({ task }) => task))].map((task) => {
    const asked = found.filter((one) => one.task === task && one.training === 1 && one.first === PeterRec);
    const passed = asked.map((one) => `${one.second.label} ${intervalOf(one)}`).join(', ');
    return `${task.name}: users of pre-training from which on PeterRec is ahead: ${passed}.`;
  });
  return { ...own, notes: [...notes, ...own.notes] };
}

export const question: ResearchQuestion = {
  title: 'From how many users on does a pre-trained trunk pay?',
  about:
    'The size of pre-training, crossed with the way of tuning and with the share of the labels, in the best setting.',
  ...{ runs, asks },
  show: (completed, { bench, claims: [claims] }) => {
    const found = crossings(completed);
    return {
      answer: answer(bench, found, claims),
      main: [...figures(completed), trunks(completed), crossingsTable(found), forestOf(claims)],
      details: [evidence(claims)],
    };
  },
};
