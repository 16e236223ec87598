/** Tables 4 and 5: PeterRec against methods that are made for one task. */
import type { Result } from '../documents/document';
import { methodsTable, type Significance, tunedShare } from '../report/table/methodsTable';
import type { Table } from '../report/table/table';

const METHODS = ['NeuFM', 'DeepFM', 'MTL', 'PeterRec', 'PeterRec, cross-entropy'];

const opponentsTable =
  (name: string, caption: string) =>
  (results: readonly Result[], significance?: Significance): Table =>
    methodsTable({ name, caption, methods: METHODS, columns: [tunedShare] }, results, significance);

/** Table 4: profiles. */
export const table4 = opponentsTable(
  'table4-profiles',
  'RQ3: estimating profiles. Test results; the best of each task is bold.',
);

/** Table 5: what cold users like. */
export const table5 = opponentsTable(
  'table5-cold-users',
  'RQ3: recommending to users who are cold in the target domain. Test results; the best of each task is bold.',
);
