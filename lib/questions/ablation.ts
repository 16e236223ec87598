/** One choice after another: what can be changed, and what came of it. */

import type { Result } from '../documents/document';
import { better, type Question } from '../evidence/claims';
import type { FineTuning } from '../methods/experiment';
import { type Changes, choices, variantsOf } from '../methods/vary';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/convergenceFigure';
import { methodsTable, type Significance, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';

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

const variantsIn = (results: readonly Result[], base: FineTuning) => {
  const variants = results.filter(({ experiment }) => experiment.startsWith(variantsOf(base)));
  return [...new Set(variants.map(({ method }) => method))];
};

/** Whether each variant differs from the method itself. */
export const ablationQuestions = (results: readonly Result[], base: FineTuning): Question[] =>
  variantsIn(results, base).map((variant) => better(variant, base.method));

/** Every variant that was tried, beside the method itself. */
export const ablationTable = (
  results: readonly Result[],
  base: FineTuning,
  significance: Significance,
): Table =>
  methodsTable(
    {
      name: 'ablation',
      caption: 'Variants by what is changed. Test results; the best of each task is bold.',
      methods: [base.method],
      columns: [tunedShare],
    },
    results,
    significance,
  );

/** The method itself and the latest variants while they train. */
export const ablationFigure = (results: readonly Result[], base: FineTuning): Figure =>
  convergence(
    {
      name: 'ablation',
      caption: 'Variants by what is changed.',
      methods: [base.method, ...variantsIn(results, base).slice(-SHOWN)],
      against: 'steps',
      part: 'test',
    },
    results,
  );
