/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */

import type { Claim } from '../evidence/claims';
import { pretrainingGains } from '../evidence/pretrainingGains';
import { better, beyondPaper, type Question } from '../evidence/questions';
import { type CompletedRun, withOthers } from '../experiments/documents/completedRun';
import { inBestSetting } from '../experiments/methods/best';
import type { Experiment, FineTuning, Planned } from '../experiments/methods/experiment';
import { causal } from '../experiments/methods/family';
import { called, isSame, type Method } from '../experiments/methods/identity';
import { opponents, simpleOpponents } from '../experiments/opponents/opponents';
import { BEST_SETTING } from '../report/answer/answer';
import { convergence } from '../report/figure/convergence';
import { resultsByLength } from '../report/figure/lengths';
import type { Figure } from '../report/figure/smallMultiples';
import { trunkCurves } from '../report/figure/trunkCurves';
import { methodsTable } from '../report/table/methodsTable';
import { pretrainingTable } from '../report/table/pretraining';
import type { Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import type { ResearchQuestion } from './question';

/** The paper leaves open what PeterZero tunes, so both readings are run. */
const family = [
  causal.FineCLSZero,
  causal.FineCLS,
  causal.FineLast1Zero,
  causal.FineLast1,
  causal.FineZero,
  causal.FineAll,
  causal.PeterZeroFrozen,
  causal.PeterZeroAll,
  causal.PeterRec,
];

/** The family in the paper's setting and in the best one known; rates and dropout are the preset's, or tuned for the data. */
export const experiments: readonly Experiment[] = [
  ...simpleOpponents,
  ...family,
  ...family.map(inBestSetting),
];

export const runs: readonly Planned[] = [{ on: 'all', experiments }];

/** Each method and the same on a random trunk. */
const pairs = [
  [causal.FineAll, causal.FineZero],
  [causal.PeterRec, causal.PeterZeroFrozen],
  [causal.PeterRec, causal.PeterZeroAll],
  [causal.FineCLS, causal.FineCLSZero],
  [causal.FineLast1, causal.FineLast1Zero],
] as const;

/** Claim 1 of the paper: pre-training helps, whatever is tuned. */
export const questions: readonly Question[] = pairs.map(([own, random]) => better(own, random));

/** Claim 1 in the best setting. */
export const bestQuestions: readonly Question[] = beyondPaper(
  pairs.map(([own, random]) => better(inBestSetting(own), inBestSetting(random))),
);

/** Families of claims, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions, bestQuestions];

/** Curves of pre-training … */
export const trunks = (completed: CompletedRun): Figure => trunkCurves('rq1-trunks', completed.pretraining);

/** … and how far ahead of popularity the trunks rank the next item. */
export const pretraining = (completed: CompletedRun): Table =>
  pretrainingTable('rq1-pretraining', pretrainingGains(completed.out, completed.pretraining));

const bestFamily = family.map(inBestSetting);

/** The family in one setting, beside simple opponents and what else ran; `elsewhere` is the other setting. */
const startsTable =
  (name: string, setting: string, methods: readonly Method[], elsewhere: readonly Method[]) =>
  ({ results }: CompletedRun, claims: readonly Claim[]): Table =>
    methodsTable(
      {
        name,
        caption: `RQ1: the effect of pre-training on the causal trunk, in ${setting}. Test results; the best of each task is bold.`,
        methods: withOthers([...simpleOpponents, ...methods], results).filter(
          (method) => !elsewhere.some((other) => isSame(other, method)),
        ),
        claims,
      },
      results,
    );

export const table2 = startsTable('table2-pretraining', 'the paper’s setting', family, bestFamily);
export const table2Best = startsTable(
  'table2-best-setting',
  'the best setting',
  bestFamily.map((method, i) => called(method, family[i].label)),
  family,
);

/** Figure 4: PeterRec against both readings of PeterZero while they train, beside FineAll. */
const convergenceOf =
  (name: string, setting: string, change: (method: FineTuning) => FineTuning) =>
  ({ results }: CompletedRun): Figure =>
    convergence(
      {
        name,
        caption: `PeterRec and FineAll (pre-trained) against PeterZero (random trunk) over training${setting}.`,
        methods: [causal.PeterRec, causal.FineAll, causal.PeterZeroFrozen, causal.PeterZeroAll].map(change),
      },
      results,
    );

export const figure4 = convergenceOf('figure4-convergence', '', (method) => method);
export const figure4Best = convergenceOf('figure4-best-setting', ', in the best setting', inBestSetting);

/** Users with short histories and with long ones: PeterRec and FineAll in the best setting beside the bag of items. */
export const byLength = (completed: CompletedRun): Figure =>
  resultsByLength(
    {
      name: 'rq1-lengths',
      caption: 'PeterRec and FineAll in the best setting and a bag of items, by length of history.',
    },
    completed,
    [
      ...[causal.PeterRec, causal.FineAll].map((method) => called(inBestSetting(method), method.label)),
      opponents.BagOfItems,
    ],
  );

const published = evidenceOf('rq1', 'RQ1: each way of tuning against itself from a random trunk.', {
  'rq1-claims': 'Paper’s setting',
  'rq1-best': BEST_SETTING,
});
export const [evidence, bestEvidence] = published.tables;
export const { forestOf } = published;
export const answer = published.answerTo({ question: 'Does pre-training help?' });

export const question: ResearchQuestion = {
  title: 'RQ1: does pre-training help?',
  about:
    'Each way of tuning, from a pre-trained trunk and from a random one. The paper finds that pre-training helps on all five tasks (section 4.2).',
  ...{ runs, asks },
  show: (completed, { bench, claims: [claims, best] }) => ({
    answer: answer(bench, claims, best),
    main: [trunks(completed), figure4(completed), table2(completed, claims), forestOf(claims, best)],
    details: [
      ...[pretraining(completed), table2Best(completed, best), figure4Best(completed), byLength(completed)],
      ...[evidence(claims), bestEvidence(best)],
    ],
  }),
};
