/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import { type Ran, withOthers } from '../documents/ran';
import type { Claim } from '../evidence/claims';
import { type PretrainingGain, pretrainingGains } from '../evidence/pretrainingGains';
import { better, type Question } from '../evidence/questions';
import { inBestSetting } from '../methods/best';
import type { Experiment, FineTuning, Planned } from '../methods/experiment';
import { causal } from '../methods/family';
import { simpleOpponents } from '../methods/opponents';
import { type Asked, type Asking, answerOf } from '../report/answer';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/smallMultiples';
import { claimsTable } from '../report/table/claims';
import { confusionTable } from '../report/table/confusion';
import { methodsTable, tunedShare } from '../report/table/methodsTable';
import { pretrainingTable } from '../report/table/pretraining';
import type { Table } from '../report/table/table';

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

/**
 * The family with the states and losses of the paper, which says what a reproduction finds, and trained as well as is known; rates and
 * dropout are the preset's, or what was chosen for the data, in both.
 */
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

/** The same in the best setting. */
export const bestQuestions: readonly Question[] = pairs.map(([own, random]) =>
  better(inBestSetting(own), inBestSetting(random)),
);

/** What is asked together, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions, bestQuestions];

/** How much the trunks have learnt. */
export const pretraining = (ran: Ran): Table =>
  pretrainingTable('rq1-pretraining', pretrainingGains(ran.out, ran.pretraining));

/** Table 2: everything from a random and from a pre-trained trunk. */
export const table2 = ({ results }: Ran, claims: readonly Claim[]): Table =>
  methodsTable(
    {
      name: 'table2-pretraining',
      caption: 'RQ1: the effect of pre-training. Test results; the best of each task is bold.',
      methods: withOthers(experiments, results),
      columns: [tunedShare],
      claims,
    },
    results,
  );

/** Figure 4: PeterRec against both readings of PeterZero while they train. */
const convergenceOf =
  (name: string, setting: string, change: (method: FineTuning) => FineTuning) =>
  ({ results }: Ran): Figure =>
    convergence(
      {
        name,
        caption: `PeterRec (pre-trained) against PeterZero (random trunk) over training${setting}.`,
        methods: [causal.PeterRec, causal.PeterZeroFrozen, causal.PeterZeroAll].map(change),
        against: 'steps',
        part: 'test',
      },
      results,
    );

export const figure4 = convergenceOf('figure4-convergence', '', (method) => method);
export const figure4Best = convergenceOf('figure4-best-setting', ', in the best setting', inBestSetting);

/** Which class PeterRec takes for which, one table a profile task. */
export const confusions = (ran: Ran): Table[] =>
  ran.tasks
    .filter(({ kind }) => kind === 'classify')
    .map((task) => confusionTable(ran, task, causal.PeterRec));

export const evidence = (claims: readonly Claim[]): Table => claimsTable('rq1-claims', claims);
export const bestEvidence = (claims: readonly Claim[]): Table => claimsTable('rq1-best', claims);

/** What does not come out as in the paper. */
export { deviations } from '../report/deviations';

const ASKED: Asked = {
  question: 'Does pre-training help?',
  paper: 'The paper claims that it helps on every task.',
};

const BEST: Asked = {
  question: 'Does it still help where every method is trained as well as is known?',
  paper: 'The paper knows one setting.',
};

/** The answers as Markdown, in the paper's setting and in the best one, and how much the trunks have learnt. */
export const answer = (bench: Asking, claims: readonly Claim[], best: readonly Claim[], ran: Ran): string =>
  [
    answerOf(ASKED, bench, claims),
    answerOf(BEST, bench, best),
    ...pretrainingGains(ran.out, ran.pretraining).map(gainLine),
  ].join('\n\n');

function gainLine({
  source,
  direction,
  users,
  trunk,
  popularity,
  ratio,
  low,
  high,
}: PretrainingGain): string {
  const verdict = low > 1 ? 'ahead of it' : high < 1 ? 'behind it' : 'undecided';
  return (
    `- The ${direction} trunk of ${source} ranks the last item of ${users} held-out users at place ${trunk.toFixed(0)} in the mean, ` +
    `popularity at ${popularity.toFixed(0)}: ${verdict}, ${ratio.toFixed(2)} times as far in front ` +
    `(95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}).`
  );
}
