/** Table 2 and Figure 4: does pre-training help? */
import type { Result } from '../documents/document';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/convergenceFigure';
import { methodsTable, type Significance, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';

const METHODS = [
  ...['FineCLSZero', 'FineCLS', 'FineLast1Zero', 'FineLast1', 'FineZero', 'FineAll'],
  ...['PeterZero (frozen trunk)', 'PeterZero (everything)', 'PeterRec'],
];

/** Table 2: everything from a random and from a pre-trained trunk. */
export const table2 = (results: readonly Result[], significance?: Significance): Table =>
  methodsTable(
    {
      name: 'table2-pretraining',
      caption: 'RQ1: the effect of pre-training. Test results; the best of each task is bold.',
      methods: METHODS,
      columns: [tunedShare],
    },
    results,
    significance,
  );

/** Figure 4: PeterRec against both readings of PeterZero while they train. */
export const figure4 = (results: readonly Result[]): Figure =>
  convergence(
    {
      name: 'figure4-convergence',
      caption: 'PeterRec (pre-trained) against PeterZero (random trunk) over training.',
      methods: ['PeterRec', 'PeterZero (frozen trunk)', 'PeterZero (everything)'],
      against: 'steps',
      part: 'test',
    },
    results,
  );
