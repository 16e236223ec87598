/** RQ3: what can be estimated of a user, also of a cold one? (section 4.4: Tables 4 and 5) */

import { asked, better, beyondPaper, type Question } from '../evidence/questions';
import { type CompletedRun, completedOn, withOthers } from '../experiments/documents/completedRun';
import { inBestSetting } from '../experiments/methods/best';
import type { Experiment, Planned } from '../experiments/methods/experiment';
import { causal } from '../experiments/methods/family';
import { isSame, type Method } from '../experiments/methods/identity';
import { LabelCS, opponents, Popularity, simpleOpponents } from '../experiments/opponents/opponents';
import { BEST_SETTING } from '../report/answer/answer';
import { speedTable } from '../report/curves';
import { methodsTable } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import type { ResearchQuestion } from './question';

const { PeterRec } = causal;
const { ItemCooccurrence, BagOfItems, EASE, NeuFM, DeepFM, MTL } = opponents;

/** Not in the paper: PeterRec in the best setting, with the loss of NeuFM and DeepFM, cross-entropy over all items. */
const best = inBestSetting(PeterRec);

/** The paper does not say which PeterRec it compares; here that of RQ1, on the causal network that MTL trains too. */
const profiles: Planned = { on: 'classify', experiments: [...simpleOpponents, MTL, PeterRec, best] };
const items: Planned = {
  on: 'recommend',
  experiments: [...simpleOpponents, NeuFM, DeepFM, MTL, PeterRec, best],
};

export const runs: readonly Planned[] = [profiles, items];

const peterRecBeats = (opponent: Experiment) => better(PeterRec, opponent);

/** Claim 3 of the paper. */
export const questions: readonly Question[] = [
  ...asked('classify', [LabelCS, MTL].map(peterRecBeats)),
  ...asked('recommend', [NeuFM, DeepFM, MTL].map(peterRecBeats)),
];

/** Beyond the paper: whether PeterRec beats simple opponents. */
export const simpleQuestions: readonly Question[] = beyondPaper([
  ...asked('recommend', [Popularity, EASE].map(peterRecBeats)),
  ...[ItemCooccurrence, BagOfItems].map(peterRecBeats),
]);

const bestBeats = (opponent: Experiment) => better(best, opponent);

/** Beyond the paper: PeterRec in the best setting. */
export const bestQuestions: readonly Question[] = beyondPaper([
  ...[PeterRec, ItemCooccurrence, BagOfItems, MTL].map(bestBeats),
  ...asked('recommend', [NeuFM, DeepFM, Popularity, EASE].map(bestBeats)),
  ...asked('classify', [LabelCS].map(bestBeats)),
]);

/** Families of claims, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions, simpleQuestions, bestQuestions];

/** A sentence where pre-training reads more than the opponents. */
const readIn = ({ pretraining }: CompletedRun) =>
  pretraining.every(({ declaration }) => declaration.windows === 'latest')
    ? ''
    : ' PeterRec’s trunk and MTL learn from windows of whole histories, the other opponents from the latest items alone.';

/** Opponents beside PeterRec in the paper's setting, and in the best one in its place. */
function opponentsTables({ on, experiments }: Planned, names: readonly [string, string], what: string) {
  const table = (completed: CompletedRun, name: string, other: Method, end: string): Table => {
    const { results } = completedOn(completed, on);
    return methodsTable(
      {
        name,
        caption: `RQ3: ${what}${end}`,
        methods: withOthers(experiments, results).filter((method) => !isSame(method, other)),
      },
      results,
    );
  };
  const read = 'Test results; the best of each task is bold.';
  return [
    (completed: CompletedRun) => table(completed, names[0], best, `. ${read}${readIn(completed)}`),
    (completed: CompletedRun) =>
      table(completed, names[1], PeterRec, `, PeterRec in the best setting. ${read}`),
  ] as const;
}

/** Table 4: profiles. */
export const [table4, table4Best] = opponentsTables(
  profiles,
  ['table4-profiles', 'table4-best-setting'],
  'estimating profiles',
);

/** Profiles by AUC and log-loss: accuracy is too coarse where one class is frequent. */
export const probabilities = (completed: CompletedRun): Table => {
  const { results } = completedOn(completed, profiles.on);
  return methodsTable(
    {
      name: 'rq3-probabilities',
      caption:
        'RQ3, an extension: profiles by the probabilities of the classes. AUC: one class against the rest, the mean over classes; ' +
        'log-loss in nats. Probabilities are the softmax of a method’s scores; those of item co-occurrence are not made for it. The best of each column is bold.',
      methods: withOthers(profiles.experiments, results),
      columns: [],
      metrics: [
        { metric: 'AUC', label: 'AUC', best: 'highest' },
        { metric: 'LogLoss', label: 'log-loss', best: 'lowest' },
      ],
    },
    results,
  );
};

/** Table 5: what cold users like. */
export const [table5, table5Best] = opponentsTables(
  items,
  ['table5-cold-users', 'table5-best-setting'],
  'recommending to users who are cold in the target domain',
);

/** How long MTL and PeterRec train, and PeterRec's trunks before. */
export const speed = (completed: CompletedRun): Table => speedTable('rq3-speed', completed, [MTL, PeterRec]);

const published = evidenceOf('rq3', 'RQ3: PeterRec against its opponents.', {
  'rq3-claims': 'In the paper',
  'rq3-simple': 'Simple methods',
  'rq3-best': BEST_SETTING,
});
export const [evidence, simpleEvidence, bestEvidence] = published.tables;
export const { forestOf } = published;
export const answer = published.answerTo({
  question: 'Does PeterRec beat methods that are made for one task?',
});

export const question: ResearchQuestion = {
  title: 'RQ3: does PeterRec beat methods that are made for one task?',
  about:
    'PeterRec against opponents that see one task alone. The paper finds it better than all of them, and MTL several times slower (section 4.4).',
  ...{ runs, asks },
  show: (completed, { bench, claims: [claims, simple, best] }) => ({
    answer: answer(bench, claims, simple, best),
    main: [table4(completed), table5(completed), forestOf(claims, simple, best)],
    details: [
      ...[table4Best(completed), probabilities(completed), table5Best(completed), speed(completed)],
      ...[simpleEvidence(simple), bestEvidence(best), evidence(claims)],
    ],
  }),
};
