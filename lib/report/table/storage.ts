/** Parameters of a model by component, which of them are tuned, and kilobytes of a further task. */
import { causal, nonCausal } from '../../experiments/methods/family';
import { distinct, isSame, type Method } from '../../experiments/methods/identity';
import { untrained } from '../../experiments/opponents/opponents';
import type { TaskAccount } from '../../experiments/runs/taskAccounts';
import { sharesTuned } from './methodsTable';
import { columnsOf, type Table } from './table';

const KILOBYTE = 1000;

/** Parameters of one method by component, one row a task. */
export function componentsTable(accounts: readonly TaskAccount[]): Table {
  return {
    name: 'parameters-components',
    caption: `Parameters of ${accounts[0]?.method.label} by component, and how many of them are tuned.`,
    columns: [
      ...columnsOf({ task: 'Task', embedding: 'Embedding', layers: 'Layers' }),
      ...columnsOf({ norms: 'Layer norms', patches: 'Patches', classifier: 'Classifier' }),
      ...columnsOf({ total: 'All', tuned: 'Tuned' }),
      { key: 'share', label: 'Of FineAll', digits: 2, style: 'percent' },
    ],
    rows: accounts.map(({ task, components, total, tuned, share }) => ({
      ...{ task, ...components, total, tuned, share },
    })),
    note: 'Biases are counted with their matrices. Of FineAll: tuned over what FineAll tunes, trunk and classifier.',
  };
}

export const accountsOf = (accounts: readonly TaskAccount[], method: Method): TaskAccount[] =>
  accounts.filter((account) => isSame(account.method, method));

/** Kilobytes of a further task with each method, one column a task; those that need no learning first. */
export function storageTable(name: string, accounts: readonly TaskAccount[]): Table {
  const tasks = [...new Set(accounts.map(({ task }) => task))];
  const there = accounts.map(({ method }) => method);
  const first = untrained.filter((method) => there.some((other) => isSame(other, method)));
  return {
    name,
    caption: 'What a further task costs: kilobytes to be stored for it.',
    columns: [
      ...columnsOf({ method: 'Method', share: 'Weights, of FineAll’s' }),
      ...tasks.map((task, i) => ({ key: `task${i}`, label: task, digits: 2 })),
    ],
    rows: distinct([...first, ...there]).map((method) => {
      const own = accountsOf(accounts, method);
      const cells = own.map(({ task, perTaskBytes }) => [
        `task${tasks.indexOf(task)}`,
        perTaskBytes / KILOBYTE,
      ]);
      return { method: method.label, share: sharesTuned(own), ...Object.fromEntries(cells) };
    }),
    note: 'In float32, 1 kB = 1,000 bytes. Methods on a pre-trained trunk store what they tune, all others their whole model.',
  };
}

/** `1.23 %` */
export const inPercent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const inWords = ({ perTaskBytes }: TaskAccount) =>
  `${(perTaskBytes / KILOBYTE).toLocaleString('en', { maximumFractionDigits: 1 })} kB`;

/** Claim 7 of the paper: what a further task costs with patches and with everything tuned, one line a task. */
export function storageLines(accounts: readonly TaskAccount[]): string[] {
  return [causal, nonCausal].flatMap(({ PeterRec, FineAll }) =>
    accountsOf(accounts, PeterRec).flatMap((patches) => {
      const everything = accountsOf(accounts, FineAll).find(({ task }) => task === patches.task);
      if (everything === undefined) return [];
      return `- ${patches.task}: ${inWords(patches)} with PeterRec, ${inWords(everything)} with FineAll (${inPercent(patches.share)}).`;
    }),
  );
}
