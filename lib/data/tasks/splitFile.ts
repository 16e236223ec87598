import { flawAt, linesIn, quoted, widthFlaw } from '../card/textFile';
import type { GivenSplit, Split } from './split';
import type { Instance, Targets } from './targets';

const COLUMNS = ['user_id', 'label', 'split', 'negatives'];
const PARTS = ['train', 'valid', 'test'] as const;

/** The targets with the instances of a split file in place of their own. Throws a UserError at the first bad line. */
export function withSplitFile(
  file: string,
  text: string,
  targets: Targets,
  sourceUsers: readonly string[],
): { targets: Targets; given: GivenSplit } {
  const [header = '', ...lines] = linesIn(text);
  if (header !== COLUMNS.join('\t')) {
    const expected = `the header ${COLUMNS.join(' ')}`;
    throw flawAt(file, 1, { column: '1', expected, found: quoted(header) });
  }
  const [users, labels] = [sourceUsers, targets.labels].map((ids) => new Map(ids.map((id, i) => [id, i])));
  const candidates = targets.known.length > 0 ? labels : new Map<string, number>();
  const rows = lines.map((line, n) => {
    const cells = line.split('\t');
    const flaw = widthFlaw(cells, COLUMNS);
    if (flaw) throw flawAt(file, n + 2, flaw);
    /** Throws where a cell holds nothing that is known. */
    const known = <T>(c: number, value: T | undefined, expected: string, cell = cells[c]): T => {
      if (value !== undefined) return value;
      throw flawAt(file, n + 2, { column: COLUMNS[c], expected, found: quoted(cell) });
    };
    const user = known(0, users.get(cells[0]), 'a user of the source');
    const label = known(1, labels.get(cells[1]), 'a label of the task');
    const part = known(
      2,
      PARTS.find((each) => each === cells[2]),
      'train, valid or test',
    );
    const ids = cells[3].split(' ').filter((id) => id !== '');
    const negatives = ids.map((id) =>
      known(
        3,
        candidates.get(id),
        targets.known.length > 0 ? 'item ids of the target domain' : 'none, as classes have no negatives',
        id,
      ),
    );
    const again = ids.find((id, i) => ids.indexOf(id) < i);
    if (again !== undefined) known(3, undefined, 'each item once', again);
    return { user, label, part, negatives };
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

/** A split file may name a pair that the interactions lack: it is known from then on. */
function withInstances(known: Targets['known'], rows: readonly Instance[]): Targets['known'] {
  const all = known.map((own) => new Set(own));
  for (const { user, label } of rows) all[user]?.add(label);
  return all.map((own) => [...own]);
}
