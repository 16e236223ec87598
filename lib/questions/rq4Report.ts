/** Tables 6 and 7 and Figure 6: trunks, insertions and little data. */

import type { Result } from '../documents/document';
import { DRAWN, EXTENSION } from '../methods/insertions';
import { meanSd } from '../report/aggregate';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/convergenceFigure';
import { type MethodColumn, methodsTable, type Significance, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';
import type { Run } from '../runs/run';

/** What the trunks of each source reached in pre-training: MRR@5 of held-out users' last items in the whole pool. */
function pretrainingColumns(runs: readonly Run[]): MethodColumn[] {
  const sources = new Set(runs.flatMap(({ pretraining }) => pretraining.map(({ task }) => task)));
  return [...sources].map((source) => {
    const label = `Trunk of ${source} MRR@5`;
    const of = (own: readonly Result[]) => {
      const trunks = runs.flatMap(({ results, pretraining }) => {
        const started = results.filter((result) => own.includes(result)).map(({ trunk }) => trunk);
        return pretraining.filter(({ task, trunk }) => task === source && started.includes(trunk));
      });
      return trunks.length > 0 ? meanSd(trunks.map(({ metrics }) => metrics.valid['MRR@5'])) : null;
    };
    return { key: label, label, digits: 4, best: 'highest', of };
  });
}

const transferTable =
  (name: string, caption: string, methods: readonly string[]) =>
  (runs: readonly Run[], significance?: Significance): Table =>
    methodsTable(
      { name, caption, methods, columns: pretrainingColumns(runs) },
      runs.flatMap(({ results }) => results),
      significance,
    );

/** Table 6: PeterRec on either trunk, beside what the trunk reached in pre-training. */
export const table6 = transferTable(
  'table6-trunks',
  'RQ4: PeterRec on the causal trunk with serial patches (al) and on the non-causal one with parallel patches (on), ' +
    'beside the pre-training MRR@5 of the trunk, the last item of held-out users in the whole pool. The best of each column is bold.',
  ['PeterRec_al', 'PeterRec_on'],
);

/** The same causal trunk after more and more pre-training; the paper omits these results. */
export const pretrainingLengthTable = transferTable(
  'rq4-pretraining-length',
  'RQ4, an extension: PeterRec on the causal trunk after none, a tenth and all of the steps of pre-training, beside the pre-training MRR@5 of the trunk.',
  ['PeterZero (frozen trunk)'],
);

const rowOf: MethodColumn = {
  key: 'row',
  label: 'Row of',
  of: (_, method) => (DRAWN.includes(method) ? 'paper' : EXTENSION.includes(method) ? 'extension' : null),
};

/** Table 7: where patches go in a block. */
export const table7 = (results: readonly Result[], significance?: Significance): Table =>
  methodsTable(
    {
      name: 'table7-insertions',
      caption:
        'RQ4: where patches go in a block of the non-causal trunk. Test results; the best of each column is bold.',
      methods: DRAWN,
      columns: [rowOf, tunedShare],
    },
    results,
    significance,
  );

/** Figure 6: PeterRec and FineAll with much less training data, one panel a share of it. */
export const figure6 = (results: readonly Result[]): Figure =>
  convergence(
    {
      name: 'figure6-little-data',
      caption: 'PeterRec and FineAll on the non-causal trunk with a share of the training instances.',
      methods: ['PeterRec', 'FineAll'],
      against: 'steps',
      part: 'test',
    },
    results,
  );
