/** Weights of a further task with every method on the data at hand, and the paper's own arithmetic. Nothing is trained. */

import { whole } from '../base/counted';
import {
  EXPERIMENTS,
  paperAccount,
  SECTION_3_3,
  TABLE_3_CAPTION,
  trunkParametersTuned,
} from '../data/paper/arithmetic';
import { nonCausal } from '../experiments/methods/family';
import { opponents } from '../experiments/opponents/opponents';
import { type TaskAccount, taskAccounts } from '../experiments/runs/taskAccounts';
import type { Workbench } from '../experiments/workbench/workbench';
import { accountsOf, componentsTable, inPercent, storageLines, storageTable } from '../report/table/storage';
import { columnsOf, percent, rangeOf, type Table } from '../report/table/table';
import { experiments } from './rq2';

const { NeuFM, DeepFM, MTL } = opponents;

/** Of what RQ2 compares, and of RQ3's opponents. */
export const accounts = ({ tasks, preset }: Pick<Workbench, 'tasks' | 'preset'>): TaskAccount[] =>
  taskAccounts(tasks, [...experiments, NeuFM, DeepFM, MTL], preset);

/** Parameters of PeterRec by component. */
export const components = (accounts: readonly TaskAccount[]): Table =>
  componentsTable(accountsOf(accounts, nonCausal.PeterRec));

/** Kilobytes of a further task with each method. */
export const storage = (accounts: readonly TaskAccount[]): Table =>
  storageTable('parameters-storage', accounts);

/** The answer as Markdown. */
export function answer(
  { data, preset }: { readonly data: string; readonly preset: { readonly name: string } },
  accounts: readonly TaskAccount[],
): string {
  const shares = accountsOf(accounts, nonCausal.PeterRec).map(({ share }) => share);
  const { share } = paperAccount(SECTION_3_3);
  return [
    `**What does a further task cost? With PeterRec its patches and its classifier: ${rangeOf(shares, inPercent)} of what FineAll stores, ` +
      `on ${data} at the sizes of \`${preset.name}\`.**`,
    'The trunk is stored once for each source. The smaller it is beside the patches, the larger the share; ' +
      'a classifier grows with the labels, and no method can share it.',
    storageLines(accounts).join('\n'),
    `The paper’s example of section 3.3 comes to ${inPercent(share)} by its own formula; the paper prints “less than 1.7 %”.`,
  ].join('\n\n');
}

/** Section 3.3: the paper's example by its own formula, beside what it prints. */
export function section33Table(): Table {
  const { embedding, convolutions, classifier, fineAll, patches, peterRec, share } =
    paperAccount(SECTION_3_3);
  const rows: readonly (readonly [string, string, string, string | null])[] = [
    ['Embedding', '500,000 · 1024', whole(embedding), null],
    ['Convolutions', '1024 · 1024 · 3 · 40', whole(convolutions), null],
    ['Classifier ν', '1024 · 1000', whole(classifier), 'about 1 million'],
    ['All', 'their sum', whole(fineAll), 'about 639 million'],
    ['Patches ϑ', '2 · 1024 · 1024/8 · 40', whole(patches), 'about 10 million'],
    ['Tuned', 'patches and classifier', whole(peterRec), null],
    ['Tuned, of all', 'their ratio', `${(100 * share).toFixed(2)}%`, 'less than 1.7%'],
  ];
  return {
    name: 'parameters-section33',
    caption: 'The example of section 3.3: 500,000 items, 1024 channels, 40 layers, 1000 labels.',
    columns: [
      ...columnsOf({ what: 'Parameters', formula: 'Formula' }),
      { key: 'counted', label: 'Counted', align: 'right' },
      { key: 'printed', label: 'The paper prints', align: 'right' },
    ],
    rows: rows.map(([what, formula, counted, printed]) => ({ what, formula, counted, printed })),
    note: 'Matrices alone. By the formula 1.80 % are tuned; the rounded 11 of 639 million would be 1.72 %, also above the 1.7 % that is printed.',
  };
}

/** The caption of Table 3: the share that PeterRec tunes on each of the paper's data sets. */
export function table3CaptionTable(): Table {
  return {
    name: 'parameters-table3',
    caption: 'The caption of Table 3: 16 layers of 256 channels with a patch each.',
    columns: [
      ...columnsOf({ task: 'Task', items: 'Source items', labels: 'Labels' }),
      ...columnsOf({ fineAll: 'FineAll tunes', peterRec: 'PeterRec tunes' }),
      { key: 'share', label: 'Share', digits: 3, style: 'percent' },
      { key: 'printed', label: 'The paper prints' },
    ],
    rows: TABLE_3_CAPTION.map(({ printed, ...row }) => {
      const { fineAll, peterRec, share } = paperAccount({ ...EXPERIMENTS, ...row });
      return { ...row, fineAll, peterRec, share, printed: percent(printed) };
    }),
    note: 'Matrices alone, without biases and layer norms; items and labels as the paper rounds them.',
  };
}

/** The caption of Figure 5: how much of the trunk each method tunes at the paper's size. */
export function figure5CaptionTable(): Table {
  const tuned = trunkParametersTuned({ ...EXPERIMENTS, ...TABLE_3_CAPTION[1] });
  return {
    name: 'parameters-figure5',
    caption:
      'The caption of Figure 5, “FineAll ≫ FineLast2 > PeterRec ≈ FineLast1 > FineCLS”: tuned beside the classifier.',
    columns: columnsOf({ method: 'Method', tuned: 'Tuned parameters' }),
    rows: Object.entries(tuned).map(([method, count]) => ({ method, tuned: count })),
    note: 'At 256 channels and 645,000 items; matrices alone. A layer has 3 · 256², PeterRec’s 16 patches 2 · 256 · 32 each.',
  };
}
