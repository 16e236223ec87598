/** Table 3 and Figure 5: are patches as good as tuning everything? */
import type { Result } from '../documents/document';
import { publishedTable3 } from '../paper/published';
import { convergence } from '../report/figure/convergence';
import type { Figure } from '../report/figure/convergenceFigure';
import { methodsTable, type Significance, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';

/** Table 3: from tuning the classifier alone to tuning everything, and the patches. */
export const table3 = (results: readonly Result[], significance?: Significance): Table =>
  methodsTable(
    {
      name: 'table3-tuned-parts',
      caption:
        'RQ2: what is tuned of one pre-trained non-causal trunk. Test results; the best of each task is bold.',
      methods: ['FineCLS', 'FineLast1', 'FineLast2', 'FineAll', 'PeterRec'],
      columns: [tunedShare],
      published: publishedTable3,
    },
    results,
    significance,
  );

/** Figure 5: all of them while they train, the paper's three tasks first. */
export const figure5 = (results: readonly Result[]): Figure =>
  convergence(
    {
      name: 'figure5-convergence',
      caption: 'Tuning everything, single layers, the classifier alone or patches, on one pre-trained trunk.',
      methods: ['PeterRec', 'FineCLS', 'FineLast1', 'FineLast2', 'FineAll'],
      against: 'steps',
      part: 'test',
      tasks: ['ColdRec-1', 'ColdRec-2', 'AgeEst'],
    },
    results,
  );
