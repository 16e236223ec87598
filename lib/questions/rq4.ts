/** RQ4: other insights from ablation (section 4.5: Tables 6 and 7, Fig. 6) */

import { ageEst, coldRec1, coldRec2, lifeEst } from '../data/paper/tasks';
import { compareTrunks } from '../evidence/pretrainingGains';
import { alike, asked, better, beyondPaper, type Question } from '../evidence/questions';
import { type CompletedRun, completedOn } from '../experiments/documents/completedRun';
import type { Experiment, FineTuning, Planned } from '../experiments/methods/experiment';
import { causal, nonCausal } from '../experiments/methods/family';
import { called, isSame, type Method } from '../experiments/methods/identity';
import { insertions } from '../experiments/methods/insertions';
import { simpleOpponents } from '../experiments/opponents/opponents';
import { type TaskAccount, taskAccounts } from '../experiments/runs/taskAccounts';
import type { Workbench } from '../experiments/workbench/workbench';
import { overfittingTable } from '../report/curves';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/smallMultiples';
import { type MethodColumn, methodsTable, tunedShare } from '../report/table/methodsTable';
import { pretrainingColumns } from '../report/table/pretraining';
import { storageTable } from '../report/table/storage';
import type { Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import type { ResearchQuestion } from './question';

const onTrunks = [coldRec1.name, ageEst.name];
const [onAges, onClicks] = [[ageEst.name], [coldRec2.name]];
const onPlaces = [...onClicks, ...onAges];
const onLife = [lifeEst.name];

/**
 * Table 6: PeterRec on the causal trunk with serial patches, and on the non-causal one with parallel patches. The paper changes
 * both at once; the crossed ones tell trunk and insertion apart.
 */
const onCausal = called(causal.PeterRec, 'PeterRec_al');
const onNonCausal = called(nonCausal.PeterRec, 'PeterRec_on');
const crossed = [insertions(causal.PeterRec).drawn.d, insertions(nonCausal.PeterRec).drawn.c] as const;
const parallelOnCausal = called(crossed[0], 'PeterRec_al, parallel patches');
const serialOnNonCausal = called(crossed[1], 'PeterRec_on, serial patches');

/** PeterRec on a random trunk, and on trunks pre-trained on a tenth and on all of the users. */
const tenth: FineTuning = { ...causal.PeterRec, pretraining: 0.1 };
const none = causal.PeterZeroFrozen;
const aTenth = called(tenth, 'PeterRec, a tenth of the users');
const whole = causal.PeterRec;

/** Table 7. The paper names no trunk; here it is the non-causal one, for which it suggests the parallel patches in question. */
const { drawn, extension } = insertions(nonCausal.PeterRec);
const places: readonly FineTuning[] = [...Object.values(drawn), ...Object.values(extension)];

/** Equivalence is also measured as a share of FineAll's gain over FineCLS. */
const measures = [nonCausal.FineCLS, nonCausal.FineAll];

/** Shares of the training instances for Fig. 6. The paper's two are not known; on a few hundred users these are small. */
const SHARES = [0.1, 0.3];
const withShares = (experiments: readonly Experiment[]): Experiment[] =>
  SHARES.flatMap((training) => experiments.map((experiment) => ({ ...experiment, training })));

export const runs: readonly Planned[] = [
  { on: onTrunks, experiments: [...simpleOpponents, causal.PeterRec, nonCausal.PeterRec, ...crossed] },
  { on: onTrunks, experiments: [none, tenth, whole] },
  {
    on: onPlaces,
    experiments: [
      ...simpleOpponents,
      nonCausal.PeterRec,
      ...places.filter((place) => !isSame(place, nonCausal.PeterRec)),
      ...measures,
    ],
  },
  { on: onLife, experiments: withShares([...simpleOpponents, nonCausal.FineAll, nonCausal.PeterRec]) },
];

/** Section 3.3 and Table 7, which is on AgeEst. */
const aboutInsertions = [
  better(drawn.d, extension.between),
  better(extension.between, drawn.e),
  better(drawn.d, extension.dOne),
  alike(drawn.b, extension.afterNorm),
  alike(drawn.c, extension.afterNormTwo),
  alike(drawn.b, extension.halves),
];

export const questions: readonly Question[] = [
  // Claim 4 of the paper: the non-causal trunk transfers better, although it need not be the one that pre-trains better.
  ...asked(onTrunks, [better(onNonCausal, onCausal)]),
  // Both trunks with one insertion. For the same trunk better pre-training usually transfers better, says the paper,
  // without a length or a number.
  ...beyondPaper(
    asked(onTrunks, [
      ...[better(onNonCausal, parallelOnCausal), better(serialOnNonCausal, onCausal)],
      ...[better(whole, aTenth), better(aTenth, none)],
    ]),
  ),
  // Claim 5 of the paper.
  ...beyondPaper(asked(onClicks, aboutInsertions)),
  ...asked(onAges, aboutInsertions),
  // Claim 6 of the paper.
  ...asked(
    onLife,
    SHARES.map((training) => better({ ...nonCausal.PeterRec, training }, { ...nonCausal.FineAll, training })),
  ),
];

/** Whether the inner shortcut spoils (e), as the paper thinks possible, and (d). */
export const shortcutQuestions: readonly Question[] = beyondPaper(
  asked(onPlaces, [better(extension.eBare, drawn.e), better(extension.dBare, drawn.d)]),
);

/** Families of claims, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions, shortcutQuestions];

const transferTable =
  (name: string, caption: string, methods: readonly Method[]) =>
  (completed: CompletedRun): Table => {
    const there = completedOn(completed, onTrunks);
    return methodsTable({ name, caption, methods, columns: pretrainingColumns(there) }, there.results);
  };

/** Table 6: PeterRec on either trunk, beside what the trunk reached in pre-training. */
export const table6 = transferTable(
  'table6-trunks',
  'RQ4: PeterRec on the causal trunk with serial patches (al) and on the non-causal one with parallel patches (on), and each ' +
    'with the other’s patches, beside the pre-training MRR@5 of the trunk, the last item of held-out users in the whole pool. The best of each column is bold.',
  [...simpleOpponents, onCausal, parallelOnCausal, serialOnNonCausal, onNonCausal],
);

/** The causal trunk without pre-training, and after that on a tenth and on all of the users; the paper omits these results. */
export const pretrainingLengths = transferTable(
  'rq4-pretraining-length',
  'RQ4, an extension: PeterRec on a random causal trunk, and on trunks pre-trained on a tenth and on all of the users, beside the pre-training MRR@5 of the trunk.',
  [none, aTenth, whole],
);

const isOne = (method: Method, rows: Readonly<Record<string, Method>>) =>
  Object.values(rows).some((row) => isSame(row, method));
const rowOf: MethodColumn = {
  ...{ key: 'row', label: 'Row of' },
  of: (_, method) => (isOne(method, drawn) ? 'paper' : isOne(method, extension) ? 'extension' : null),
};

/** Table 7: where patches go in a block. */
export const table7 = (completed: CompletedRun): Table =>
  methodsTable(
    {
      name: 'table7-insertions',
      caption:
        'RQ4: where patches go in a block of the non-causal trunk. Test results; the best of each column is bold.',
      methods: [...simpleOpponents, ...places],
      columns: [rowOf, tunedShare],
    },
    completedOn(completed, onPlaces).results,
  );

const learners = SHARES.flatMap((training) =>
  [nonCausal.PeterRec, nonCausal.FineAll].map((method): Method => ({ ...method, training })),
);

/** Figure 6: PeterRec and FineAll with much less training data, one panel a share of it. */
export const figure6 = ({ results }: CompletedRun): Figure =>
  convergence(
    {
      name: 'figure6-little-data',
      caption:
        'PeterRec and FineAll on the non-causal trunk with a share of the training instances, each at its own rate and dropout.',
      methods: learners,
    },
    results,
  );

/** Figure 6 at early stopping and at its last point. */
export const overfittingOf = ({ results }: CompletedRun): Table =>
  overfittingTable(
    {
      name: 'rq4-overfitting',
      caption: 'RQ4: the point of Figure 6 that validation keeps, and the last one.',
    },
    results,
    learners,
  );

/** Weights that a further task costs with PeterRec and with FineAll. */
export const accounts = ({ tasks, preset }: Pick<Workbench, 'tasks' | 'preset'>): TaskAccount[] =>
  taskAccounts(tasks, stored, preset);

const stored = [nonCausal.PeterRec, nonCausal.FineAll];

export const storage = (accounts: readonly TaskAccount[]): Table => storageTable('rq4-storage', accounts);

/** Which trunk pre-trains better, by the kept states of trunks of all users. */
export const trunks = ({ out, pretraining }: CompletedRun): Table => ({
  name: 'rq4-trunks',
  caption:
    'RQ4: places by which the non-causal trunk ranks held-out users’ last items ahead of the causal one.',
  columns: [
    { key: 'source', label: 'Source of' },
    { key: 'places', label: 'Places ahead [95 %]', digits: 1, style: 'signed' },
    { key: 'users', label: 'Held-out users' },
  ],
  rows: compareTrunks(
    out,
    pretraining.filter((run) => run.pretraining === 1),
  ).map(({ source, difference, low, high, users }) => ({
    ...{ source, users, places: { mean: difference, low, high } },
  })),
});

const published = evidenceOf('rq4', 'RQ4: trunks, insertions and little data.', {
  'rq4-claims': 'In the paper, and beside',
  'rq4-shortcut': 'Inner shortcut',
});
export const [evidence, shortcutEvidence] = published.tables;
export const { forestOf } = published;
export const answer = published.answerTo({ question: 'Does ablation find what the paper finds?' });

export const question: ResearchQuestion = {
  title: 'RQ4: does ablation find what the paper finds?',
  about:
    'The trunk and its share of the users, the place of patches in a block, and how much training data a task has (section 4.5).',
  ...{ runs, asks, stored },
  show: (completed, { bench, accounts, claims: [claims, shortcut] }) => ({
    answer: answer(bench, claims, shortcut),
    main: [figure6(completed), table6(completed), table7(completed), forestOf(claims, shortcut)],
    details: [
      ...[trunks(completed), pretrainingLengths(completed), overfittingOf(completed)],
      ...[storage(accounts), evidence(claims), shortcutEvidence(shortcut)],
    ],
  }),
};
