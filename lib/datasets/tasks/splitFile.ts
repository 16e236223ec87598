import { type Flaw, flawAt, linesIn, quoted, widthFlaw } from '../card/textFile';
import type { GivenSplit, Split } from './split';
import type { Instance, Targets } from './targets';

/** Reader of a split file: which instances there are, the part each belongs to, and what it is ranked against. */

const COLUMNS = ['user_id', 'label', 'split', 'negatives'];
const PARTS = ['train', 'valid', 'test'] as const;

/** Its text, and what messages call it. */
interface SplitFile {
  readonly file: string;
  readonly text: string;
}

interface Row extends Instance {
  readonly part: keyof Split;
  readonly negatives: readonly number[];
}

/** The targets with the instances of the file in place of their own; throws a UserError at the first bad line. */
export function withSplitFile(
  split: SplitFile,
  targets: Targets,
  sourceUsers: readonly string[],
): { targets: Targets; given: GivenSplit } {
  const rows = readRows(split, targets, sourceUsers);
  const indices = (part: keyof Split) => [...rows.keys()].filter((i) => rows[i].part === part);
  return {
    targets: {
      ...targets,
      instances: rows.map(({ user, label }) => ({ user, label })),
      known: withInstances(targets.known, rows),
    },
    given: {
      split: { train: indices('train'), valid: indices('valid'), test: indices('test') },
      negatives: rows.map(({ negatives }) => Int32Array.from(negatives)),
    },
  };
}

function readRows(
  { file, text }: SplitFile,
  { labels, known }: Targets,
  sourceUsers: readonly string[],
): Row[] {
  const [header = '', ...lines] = linesIn(text);
  if (header !== COLUMNS.join('\t')) {
    throw flawAt(file, 1, {
      column: '1',
      expected: `the header ${COLUMNS.join(' ')}`,
      found: quoted(header),
    });
  }
  const users = indexOf(sourceUsers);
  const labelIndex = indexOf(labels);
  const candidates = known.length > 0 ? labelIndex : new Map<string, number>();
  const haveSpaces = [...candidates.keys()].some((id) => id.includes(' '));
  const ids = { users, labels: labelIndex, candidates, haveSpaces };
  return lines.map((line, n) => {
    const row = parseRow(line, ids);
    if ('expected' in row) throw flawAt(file, n + 2, row);
    return row;
  });
}

type Index = ReadonlyMap<string, number>;

/** What rows may name; of the candidates for negatives whether some have spaces, which stand between negatives. */
interface Ids {
  readonly users: Index;
  readonly labels: Index;
  readonly candidates: Index;
  readonly haveSpaces: boolean;
}

function indexOf(ids: readonly string[]): Index {
  return new Map(ids.map((id, i) => [id, i]));
}

function parseRow(line: string, { users, labels, candidates, haveSpaces }: Ids): Row | Flaw {
  const cells = line.split('\t');
  const flaw = widthFlaw(cells, COLUMNS);
  if (flaw) return flaw;
  const [userId, labelId, partName, negativeIds] = cells;
  const user = users.get(userId);
  if (user === undefined)
    return { column: 'user_id', expected: 'a user of the source', found: quoted(userId) };
  const label = labels.get(labelId);
  if (label === undefined)
    return { column: 'label', expected: 'a label of the task', found: quoted(labelId) };
  const part = PARTS.find((candidate) => candidate === partName);
  if (part === undefined)
    return { column: 'split', expected: 'train, valid or test', found: quoted(partName) };
  const ids = negativeIds.split(' ').filter((id) => id !== '');
  if (ids.length > 0 && haveSpaces)
    return {
      column: 'negatives',
      expected: 'none, as spaces stand between them and in ids of the target domain',
      found: quoted(negativeIds),
    };
  const unknown = ids.find((id) => !candidates.has(id));
  if (unknown !== undefined) {
    return { column: 'negatives', expected: 'item ids of the target domain', found: quoted(unknown) };
  }
  if (new Set(ids).size < ids.length) {
    const again = ids.find((id, i) => ids.indexOf(id) < i);
    return { column: 'negatives', expected: 'each item once', found: quoted(again) };
  }
  return { user, label, part, negatives: ids.map((id) => candidates.get(id) as number) };
}

/** A split file may name a pair that the interactions lack: it is known from then on. */
function withInstances(known: Targets['known'], rows: readonly Row[]): Targets['known'] {
  const all = known.map((own) => new Set(own));
  for (const { user, label } of rows) all[user]?.add(label);
  return all.map((own) => [...own]);
}
