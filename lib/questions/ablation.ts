/** One choice after another: what can be changed, and what came of it. */

import type { Claim } from '../evidence/claims';
import { better, beyondPaper, type Question } from '../evidence/questions';
import type { CompletedRun } from '../experiments/documents/completedRun';
import { methodOf, type Result } from '../experiments/documents/document';
import type { Experiment, FineTuning, Planned } from '../experiments/methods/experiment';
import { distinct, identityOf, type Method } from '../experiments/methods/identity';
import { type Changes, choices, isVariant, vary } from '../experiments/methods/vary';
import { simpleOpponents } from '../experiments/opponents/opponents';
import { withComparable } from '../experiments/runs/comparable';
import type { Workbench } from '../experiments/workbench/workbench';
import type { Answer, Asking } from '../report/answer/answer';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/smallMultiples';
import { methodsTable } from '../report/table/methodsTable';
import { columnsOf, type Table } from '../report/table/table';
import { evidenceOf } from './evidence';

/** Curves of variants in a figure. */
const SHOWN = 6;

/** `{ patches: { squeeze: 16 } }`: a choice as it is written. */
function lineOf(choice: unknown): string {
  if (typeof choice === 'string') return `'${choice}'`;
  if (choice === null || typeof choice !== 'object') return String(choice);
  const parts = Object.entries(choice).map(([key, inner]) => `${key}: ${lineOf(inner)}`);
  return `{ ${parts.join(', ')} }`;
}

/** Lines with functions of one's own. */
const ownChoices = {
  '{ loss: own.loss(…) }': 'a loss of your own',
  '{ tuned: own.selection(…) }': 'parts of the model that you choose',
  '{ negatives: own.negatives(…) }': 'negatives as you draw them, in place of uniform ones',
  '{ patches: { place: own.insertion(…) } }': 'a place of your own for patches',
  '{ patches: { patch: own.patch(…) } }': 'a patch of your own in place of Eq. 9',
};

/** Every choice by the line that makes it. */
export function choicesTable(): Table {
  return {
    name: 'ablation-choices',
    caption: 'What can be changed, one line each.',
    columns: columnsOf({ line: 'Line', about: 'What it is' }),
    rows: [
      ...choices.map(([about, changes]) => ({ line: lineOf(changes), about })),
      ...Object.entries(ownChoices).map(([line, about]) => ({ line, about })),
    ],
    note: 'Functions of your own: your-own-method.ipynb.',
  };
}

/** A method, simple opponents, and the method with each of the changes, on one task. */
export const runs = (task: string, base: FineTuning, changes: readonly Changes[]): readonly Planned[] => {
  const variants: Experiment[] = changes.map((change) => vary(base, change));
  return [{ on: [task], experiments: [...simpleOpponents, base, ...variants] }];
};

/** Whether a document is of a variant, by all that it declares. */
const isOf =
  (base: FineTuning) =>
  (document: Result): boolean =>
    isVariant({ ...Object(document.declared ?? document.declaration), ...methodOf(document) }, base);

/** Results, with those of variants tried before. */
export const tried = (
  bench: Pick<Workbench, 'tasks' | 'preset'>,
  completed: CompletedRun,
  base: FineTuning,
) => withComparable(completed, bench, isOf(base));

/** The variants that ran, by their own labels. */
const variantsIn = ({ results }: CompletedRun, base: FineTuning): Method[] =>
  distinct(results.filter(isOf(base)).map(methodOf));

/** Whether each variant differs from the method itself. */
export const questions = (completed: CompletedRun, base: FineTuning): Question[] =>
  beyondPaper(variantsIn(completed, base).map((variant) => better(variant, base)));

/** A variant is drawn beside its method, whatever share of the training part it saw. */
const inOnePanel = <M extends { readonly training?: number }>(one: M): M => ({ ...one, training: 1 });

/** Table, figure and evidence of variants under a name, and the answer to a question about the method. */
const published = (name: string, question: (base: string) => string) => {
  const evidence = evidenceOf(name, 'Each variant against the method itself.', {
    [`${name}-claims`]: 'Variants',
  });
  return {
    /** Every variant that was tried, beside the method itself. */
    table: (completed: CompletedRun, base: FineTuning): Table =>
      methodsTable(
        {
          name,
          caption: 'Variants by what is changed. Test results; the best of each task is bold.',
          methods: [...simpleOpponents, base, ...variantsIn(completed, base)],
        },
        completed.results,
      ),
    /** The method itself and the latest variants while they train. */
    figure: (completed: CompletedRun, base: FineTuning): Figure =>
      convergence(
        {
          name,
          caption: 'Variants by what is changed.',
          methods: [base, ...variantsIn(completed, base).slice(-SHOWN)].map(inOnePanel),
        },
        completed.results.map(inOnePanel),
      ),
    evidence: evidence.tables[0],
    forestOf: evidence.forestOf,
    answer: (bench: Asking, base: FineTuning, claims: readonly Claim[]): Answer =>
      evidence.answerTo({ question: question(identityOf({ ...base, id: base.label })), isOwn: true })(
        bench,
        claims,
      ),
  };
};

export const { table, figure, evidence, forestOf, answer } = published(
  'ablation',
  (base) => `Does a change make ${base} better?`,
);

/** Those of functions of one's own. */
export const ideas = published('own-method', (base) => `Does an idea of yours beat ${base}?`);
