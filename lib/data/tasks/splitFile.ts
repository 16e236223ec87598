import { type Flaw, flawAt, linesIn, quoted, widthFlaw } from '../card/textFile';
import type { GivenSplit, Split } from './split';
import type { Instance, Targets } from './targets';

/** Reader of a split file: which instances there are, the part each belongs to, and what it is ranked against. */

const COLUMNS = ['user_id', 'label', 'split', 'negatives'];
const PARTS = ['train', 'valid', 'test'] as const;

interface Row extends Instance {
  readonly part: keyof Split;
  readonly negatives: readonly number[];
}

/** The targets with the instances of the file in place of their own. Throws a UserError at the first bad line. */
export function withSplitFile(
  { file, text }: { readonly file: string; readonly text: string },
  targets: Targets,
  sourceUsers: readonly string[],
): { targets: Targets; given: GivenSplit } {
  const [header = '', ...lines] = linesIn(text);
  if (header !== COLUMNS.join('\t'))
    throw flawAt(file, 1, {
      column: '1',
      expected: `the header ${COLUMNS.join(' ')}`,
      found: quoted(header),
    });
  const labels = indexOf(targets.labels);
  const candidates = targets.known.length > 0 ? labels : new Map<string, number>();
  const ids = { users: indexOf(sourceUsers), labels, candidates };
  const rows = lines.map((line, n) => {
    const row = parseRow(line, ids);
    if ('expected' in row) throw flawAt(file, n + 2, row);
    return row;
  });
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

type Index = ReadonlyMap<string, number>;

const indexOf = (ids: readonly string[]): Index => new Map(ids.map((id, i) => [id, i]));

/** What rows may name; `candidates` for negatives. */
type Ids = { readonly users: Index; readonly labels: Index; readonly candidates: Index };

function parseRow(line: string, { users, labels, candidates }: Ids): Row | Flaw {
  const cells = line.split('\t');
  const flaw = widthFlaw(cells, COLUMNS);
  if (flaw) return flaw;
  const [userId, labelId, partName, negativeIds] = cells;
  const bad = (column: string, expected: string, found: string) => ({
    column,
    expected,
    found: quoted(found),
  });
  const user = users.get(userId);
  if (user === undefined) return bad('user_id', 'a user of the source', userId);
  const label = labels.get(labelId);
  if (label === undefined) return bad('label', 'a label of the task', labelId);
  const part = PARTS.find((candidate) => candidate === partName);
  if (part === undefined) return bad('split', 'train, valid or test', partName);
  const ids = negativeIds.split(' ').filter((id) => id !== '');
  const unknown = ids.find((id) => !candidates.has(id));
  if (unknown !== undefined) return bad('negatives', 'item ids of the target domain', unknown);
  const again = ids.find((id, i) => ids.indexOf(id) < i);
  if (again !== undefined) return bad('negatives', 'each item once', again);
  return { user, label, part, negatives: ids.map((id) => candidates.get(id) as number) };
}

/** A split file may name a pair that the interactions lack: it is known from then on. */
function withInstances(known: Targets['known'], rows: readonly Row[]): Targets['known'] {
  const all = known.map((own) => new Set(own));
  for (const { user, label } of rows) all[user]?.add(label);
  return all.map((own) => [...own]);
}
