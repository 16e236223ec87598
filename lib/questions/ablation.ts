/** One choice after another: what can be changed, and what came of it. */
import { methodOf } from '../documents/document';
import type { Ran } from '../documents/ran';
import type { Claim } from '../evidence/claims';
import { better, type Question } from '../evidence/questions';
import type { Experiment, FineTuning, Planned } from '../methods/experiment';
import { distinct, type Method } from '../methods/identity';
import { simpleOpponents } from '../methods/opponents';
import { type Changes, choices, isVariant, vary } from '../methods/vary';
import { type Asked, type Asking, answerOf } from '../report/answer';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/smallMultiples';
import { claimsTable } from '../report/table/claims';
import { methodsTable, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';
import { withComparable } from '../runs/comparable';

/** Curves of a figure that can be told apart, besides that of the method itself. */
const SHOWN = 6;

/** `{ patches: { squeeze: 16 } }`: a choice as it is written. */
function lineOf(changes: Changes): string {
  const written = (value: unknown): string =>
    value !== null && typeof value === 'object'
      ? `{ ${Object.entries(value)
          .map(([key, inner]) => `${key}: ${written(inner)}`)
          .join(', ')} }`
      : typeof value === 'string'
        ? `'${value}'`
        : String(value);
  return written(changes);
}

/** Every choice by the line that makes it. */
export function choicesTable(): Table {
  return {
    name: 'ablation-choices',
    caption: 'What can be changed, one line each.',
    columns: [
      { key: 'line', label: 'Line' },
      { key: 'about', label: 'What it is' },
    ],
    rows: choices.map(([about, changes]) => ({ line: lineOf(changes), about })),
  };
}

/** A method, what does not learn, and the method with each of the changes, on one task. */
export const runs = (task: string, base: FineTuning, changes: readonly Changes[]): readonly Planned[] => {
  const variants: Experiment[] = changes.map((change) => vary(base, change));
  return [{ on: [task], experiments: [...simpleOpponents, base, ...variants] }];
};

/** What ran, and the variants that were tried before. */
export const tried = (ran: Ran, base: FineTuning): Ran =>
  withComparable(ran, (method) => isVariant(method, base));

/** The variants that ran, by their own labels. */
function variantsIn({ results }: Ran, base: FineTuning): Method[] {
  return distinct(results.map(methodOf).filter((method) => isVariant(method, base)));
}

/** Whether each variant differs from the method itself. */
export const questions = (ran: Ran, base: FineTuning): Question[] =>
  variantsIn(ran, base).map((variant) => better(variant, base));

/** Every variant that was tried, beside the method itself. */
export const table = (ran: Ran, base: FineTuning, claims: readonly Claim[]): Table =>
  methodsTable(
    {
      name: 'ablation',
      caption: 'Variants by what is changed. Test results; the best of each task is bold.',
      methods: [...simpleOpponents, base, ...variantsIn(ran, base)],
      columns: [tunedShare],
      claims,
    },
    ran.results,
  );

/** A variant is drawn beside its method, whatever share of the training part it saw. */
const inOnePanel = <M extends { readonly training?: number }>(one: M): M => ({ ...one, training: 1 });

/** The method itself and the latest variants while they train. */
export const figure = (ran: Ran, base: FineTuning): Figure =>
  convergence(
    {
      name: 'ablation',
      caption: 'Variants by what is changed.',
      methods: [base, ...variantsIn(ran, base).slice(-SHOWN)].map(inOnePanel),
      against: 'steps',
      part: 'test',
    },
    ran.results.map(inOnePanel),
  );

export const evidence = (claims: readonly Claim[]): Table => claimsTable('ablation-claims', claims);

const ASKED: Asked = {
  question: 'Does a variant do better than PeterRec as in the paper?',
  paper: 'The paper reports few of these choices.',
};

export const answer = (bench: Asking, claims: readonly Claim[]): string => answerOf(ASKED, bench, claims);
