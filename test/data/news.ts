import { loadDataset } from '../../lib/data/loading/dataset';
import { buildTasks } from '../../lib/data/tasks/tasks';
import { folderWith } from './folders';

/** A data set small enough to see every step: news a, b, c, d as source, videos x, y, z as target. */
export const CARD = {
  name: 'news',
  interactions: 'news.inter',
  users: 'news.user',
  items: 'news.item',
  tasks: {
    Videos: {
      kind: 'recommend',
      target: { field: 'tags', any: ['video', 'clip'] },
      perUser: 2,
      length: 4,
      minSource: 2,
    },
    Sex: { kind: 'classify', label: 'sex', source: 'Videos' },
    Age: {
      kind: 'classify',
      source: 'Videos',
      classes: [
        { name: 'young', where: { age: { to: 29 } } },
        { name: 'not old', where: { age: { to: 59 } } },
        { name: 'old man', where: { age: { from: 60 }, sex: ['m'] } },
      ],
    },
    Everything: { kind: 'classify', label: 'sex', length: 2, minSource: 1 },
  },
};

type Interaction = readonly [user: string, item: string, timestamp: number];

/** A row for each item and its time, which are written together: `x 3`. */
export const touched = (byUser: Readonly<Record<string, readonly string[]>>): Interaction[] =>
  Object.entries(byUser).flatMap(([user, rows]) =>
    rows.map((row) => [user, row[0], Number(row.slice(2))] as const),
  );

/** The tests of the tasks spell out what becomes of each row. */
const INTERACTIONS = touched({
  ann: ['b 5', 'x 2', 'a 1', 'y 2', 'x 3', 'z 4'],
  bob: ['a 7', 'b 7', 'a 7', 'c 8', 'd 6'],
  cid: ['a 1', 'z 1'],
  dan: ['b 1', 'a 2', 'z 3'],
});

export interface NewsFiles {
  readonly card?: object;
  readonly interactions?: readonly Interaction[];
  readonly users?: string;
  readonly items?: string;
  readonly split?: string;
}

/** The folder of the data set, with parts of it replaced; `card` replaces top-level keys. */
export function newsFolder(changes: NewsFiles = {}): string {
  const rows = (changes.interactions ?? INTERACTIONS).map((row) => `${row.join('\t')}\n`).join('');
  return folderWith({
    'dataset.json': JSON.stringify({ ...CARD, ...changes.card }),
    'news.inter': `user_id:token\titem_id:token\ttimestamp:float\n${rows}`,
    'news.user':
      changes.users ??
      'user_id:token\tage:token\tsex:token\nann\t29\tf\nbob\t30\tm\ncid\t31\tf\ndan\t60\tf\neve\t20\tm\n',
    'news.item':
      changes.items ??
      'item_id:token\ttags:token_seq\na\tnews\nb\tnews politics\nc\t\nd\tnews\nx\tvideo\ny\tsport clip\nz\tvideo sport\nw\tclip\n',
    ...(changes.split === undefined ? {} : { 'split.tsv': changes.split }),
  });
}

/** The tasks of the data set, with parts of it replaced. */
export const newsTasks = (changes?: NewsFiles) => buildTasks(loadDataset(newsFolder(changes)));

/** The card's tasks with one of them replaced. */
export function withTask(name: string, task: object): { tasks: object } {
  return { tasks: { ...CARD.tasks, [name]: task } };
}
