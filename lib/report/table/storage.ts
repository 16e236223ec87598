/** The account: what the parameters of a model are part of, which of them are tuned, and what a further task costs. */
import type { TaskAccount } from '../../runs/taskAccounts';
import { inOrder } from '../aggregate';
import type { Column, Table } from './table';

const KILOBYTE = 1000;
export const percent = (share: number) =>
  share.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 3 });

/** Columns of whole numbers or text, by their keys. */
export const counts = (labels: Readonly<Record<string, string>>): Column[] =>
  Object.entries(labels).map(([key, label]) => ({ key, label }));

/** What one method's parameters are part of, one row a task. */
export function componentsTable(accounts: readonly TaskAccount[]): Table {
  return {
    name: 'parameters-components',
    caption: `What the parameters of ${accounts[0]?.method} are part of, and how many of them are tuned.`,
    columns: [
      ...counts({ task: 'Task', embedding: 'Embedding', convolutions: 'Convolutions', norms: 'Layer norms' }),
      ...counts({ patches: 'Patches', classifier: 'Classifier', total: 'All', tuned: 'Tuned' }),
      { key: 'share', label: 'Of FineAll', digits: 2, style: 'percent' },
    ],
    rows: accounts.map(({ task, components, total, tuned, share }) => ({
      ...{ task, ...components, total, tuned, share },
    })),
    note: 'Biases are counted with their matrices. Of FineAll: tuned over what FineAll tunes, trunk and classifier.',
  };
}

/** What a further task costs with each method, one column a task. */
export function storageTable(name: string, accounts: readonly TaskAccount[]): Table {
  const tasks = [...new Set(accounts.map(({ task }) => task))];
  const methods = inOrder(
    accounts.map(({ method }) => method),
    ['LabelCS', 'Popularity'],
  );
  return {
    name,
    caption: 'What a further task costs: kilobytes to be stored for it.',
    columns: [
      { key: 'method', label: 'Method' },
      { key: 'share', label: 'Tuned, of FineAll' },
      ...tasks.map((task, i) => ({ key: `task${i}`, label: task, digits: 2 })),
    ],
    rows: methods.map((method) => {
      const own = accounts.filter((account) => account.method === method);
      const bytes = (task: string) => own.find((account) => account.task === task)?.perTaskBytes;
      const cells = tasks.map((task, i) => [`task${i}`, kilobytes(bytes(task))]);
      return { method, share: sharesOf(own), ...Object.fromEntries(cells) };
    }),
    note: 'Thousands of bytes in float32. What starts from a trunk stores what it tunes, everything else all that it has.',
  };
}

const kilobytes = (bytes: number | undefined) => (bytes === undefined ? null : bytes / KILOBYTE);

/** `1.2%`, or from the least to the greatest; nothing where nothing is tuned. */
function sharesOf(accounts: readonly TaskAccount[]): string | null {
  const shares = accounts.filter(({ tuned }) => tuned > 0).map(({ share }) => share);
  if (shares.length === 0) return null;
  const [least, greatest] = [Math.min(...shares), Math.max(...shares)].map(percent);
  return least === greatest ? least : `${least} to ${greatest}`;
}
