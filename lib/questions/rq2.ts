/** RQ2: are patches as good as tuning everything? (section 4.3: Table 3, Fig. 5) */

import { publishedTable3 } from '../data/paper/published';
import type { Claim } from '../evidence/claims';
import { testMeans } from '../evidence/means';
import { pretrainingGains } from '../evidence/pretrainingGains';
import { alike, better, type Question } from '../evidence/questions';
import { type CompletedRun, withOthers } from '../experiments/documents/completedRun';
import type { Planned } from '../experiments/methods/experiment';
import { nonCausal } from '../experiments/methods/family';
import { isTrial } from '../experiments/methods/presets';
import { simpleOpponents } from '../experiments/opponents/opponents';
import type { Answer, Asking } from '../report/answer/answer';
import { overfittingTable } from '../report/curves';
import { convergence } from '../report/figure/convergence';
import { frontier, WEIGHTS } from '../report/figure/frontier';
import type { Figure } from '../report/figure/smallMultiples';
import { trunkCurves } from '../report/figure/trunkCurves';
import { methodsTable, publishedTable } from '../report/table/methodsTable';
import { pretrainingTable } from '../report/table/pretraining';
import type { Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import type { ResearchQuestion } from './question';

const { FineCLS, FineLast1, FineLast2, FineAll, PeterRec } = nonCausal;

/** All on one non-causal trunk; PeterRec's patches are parallel (Fig. 3d). */
export const experiments = [...simpleOpponents, FineCLS, FineLast1, FineLast2, FineAll, PeterRec];

export const runs: readonly Planned[] = [{ on: 'all', experiments }];

/** Claim 2 of the paper; its FineLast tunes the last layer, FineLast1 here. */
export const questions: readonly Question[] = [
  better(FineAll, FineLast1),
  better(FineLast1, FineCLS),
  alike(PeterRec, FineAll),
];

/** Families of claims, each with its own correction. */
export const asks: readonly (readonly Question[])[] = [questions];

/** Curves of pre-training … */
export const trunks = (completed: CompletedRun): Figure => trunkCurves('rq2-trunks', completed.pretraining);

/** … and how far ahead of popularity the trunks rank the next item. */
export const pretraining = (completed: CompletedRun): Table =>
  pretrainingTable('rq2-pretraining', pretrainingGains(completed.out, completed.pretraining));

/** Table 3: from tuning the classifier alone to tuning everything, and the patches. */
export const table3 = ({ results }: CompletedRun): Table =>
  methodsTable(
    {
      name: 'table3-tuned-parts',
      caption:
        'RQ2: what is tuned of one pre-trained non-causal trunk. Test results; the best of each task is bold.',
      methods: withOthers(experiments, results),
    },
    results,
  );

/** Table 3 as the paper prints it, on its own data. */
export const paperTable3 = (): Table =>
  publishedTable({ name: 'table3-paper', caption: 'Table 3 of the paper.' }, publishedTable3, experiments);

const tuned = [PeterRec, FineCLS, FineLast1, FineLast2, FineAll];

/** Figure 5: convergence of all methods. */
export const figure5 = ({ results }: CompletedRun): Figure =>
  convergence(
    {
      name: 'figure5-convergence',
      caption:
        'Tuning everything, single layers, the classifier alone or patches, on one pre-trained trunk, each at its own rate and dropout.',
      methods: tuned,
    },
    results,
  );

/** Test results over the number of tuned weights. */
export const weightsFigure = (completed: CompletedRun): Figure =>
  frontier(
    {
      name: 'rq2-tuned-weights',
      caption: 'RQ2: test results over tuned weights (logarithmic).',
      groups: [{ methods: tuned }],
      cost: WEIGHTS,
      meansOf: testMeans(completed),
    },
    completed.results,
  );

/** Loss after the point of early stopping: the paper says that FineAll overfits on AgeEst. */
export const overfittingOf = ({ results }: CompletedRun): Table =>
  overfittingTable(
    { name: 'rq2-overfitting', caption: 'RQ2: the state that validation keeps, and the last one.' },
    results,
    [FineAll, PeterRec],
  );

const published = evidenceOf('rq2', 'RQ2: what is tuned of one pre-trained trunk.', {
  'rq2-claims': 'In the paper',
});
export const [evidence] = published.tables;
export const { forestOf } = published;
const answerTo = published.answerTo({ question: 'Are patches as good as tuning everything?' });

/** Where FineAll is not shown to gain anything over the last layer, likeness with it says little. */
function withoutGain(claims: readonly Claim[]): string[] {
  const held = claims.filter(({ verdict }) => verdict === 'holds');
  const gains = held.filter(({ question: { first } }) => first.id === FineAll.id).map(({ place }) => place);
  const places = held.flatMap(({ question: { kind }, place }) =>
    kind === 'equivalence' && !gains.includes(place) ? [place] : [],
  );
  const says = 'equivalence says little: FineAll is not shown to beat FineLast1 there.';
  return places.length > 0 ? [`On ${places.join(', ')} ${says}`] : [];
}

export function answer(bench: Asking, claims: readonly Claim[]): Answer {
  const found = answerTo(bench, claims);
  return isTrial(bench.preset) ? found : { ...found, notes: [...found.notes, ...withoutGain(claims)] };
}

export const question: ResearchQuestion = {
  title: 'RQ2: are patches as good as tuning everything?',
  about:
    'One pre-trained non-causal trunk, tuned in five ways. The paper finds PeterRec as good as FineAll with a fraction of its parameters (section 4.3).',
  ...{ runs, asks },
  show: (completed, { bench, claims: [claims] }) => ({
    answer: answer(bench, claims),
    main: [
      ...[trunks(completed), figure5(completed), weightsFigure(completed)],
      ...[table3(completed), forestOf(claims)],
    ],
    details: [pretraining(completed), paperTable3(), overfittingOf(completed), evidence(claims)],
  }),
};
