/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import { type Ran, withOthers } from '../documents/ran';
import type { Claim } from '../evidence/claims';
import { type PretrainingGain, pretrainingGains } from '../evidence/pretrainingGains';
import { better, type Question } from '../evidence/questions';
import type { Planned } from '../methods/experiment';
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
export const experiments = [
  ...simpleOpponents,
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

export const runs: readonly Planned[] = [{ on: 'all', experiments }];

/** Claim 1 of the paper: pre-training helps, whatever is tuned. */
export const questions: readonly Question[] = [
  better(causal.FineAll, causal.FineZero),
  better(causal.PeterRec, causal.PeterZeroFrozen),
  better(causal.PeterRec, causal.PeterZeroAll),
  better(causal.FineCLS, causal.FineCLSZero),
  better(causal.FineLast1, causal.FineLast1Zero),
];

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
export const figure4 = ({ results }: Ran): Figure =>
  convergence(
    {
      name: 'figure4-convergence',
      caption: 'PeterRec (pre-trained) against PeterZero (random trunk) over training.',
      methods: [causal.PeterRec, causal.PeterZeroFrozen, causal.PeterZeroAll],
      against: 'steps',
      part: 'test',
    },
    results,
  );

/** Which class PeterRec takes for which, one table a profile task. */
export const confusions = (ran: Ran): Table[] =>
  ran.tasks
    .filter(({ kind }) => kind === 'classify')
    .map((task) => confusionTable(ran, task, causal.PeterRec));

export const evidence = (claims: readonly Claim[]): Table => claimsTable('rq1-claims', claims);

const ASKED: Asked = {
  question: 'Does pre-training help?',
  paper: 'The paper claims that it helps on every task.',
};

/** The answer as Markdown, and how much the trunks have learnt. */
export const answer = (bench: Asking, claims: readonly Claim[], ran: Ran): string =>
  [answerOf(ASKED, bench, claims), ...pretrainingGains(ran.out, ran.pretraining).map(gainLine)].join('\n\n');

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
