import { basename, join } from 'node:path';
import type { Card } from '../../card/card';
import type { Dropped } from '../../card/dropped';
import { type Flaw, flawAt, quoted } from '../../card/textFile';
import { bytesOf, type Folder, pathIn } from '../text/folder';
import { linesOf, writePlainText } from '../text/plainText';
import type { Reading } from './reading';

/**
 * The CSV files of the paper's authors, a user a line. Pre-training: item ids, comma-separated, oldest first, 0 on the
 * left as padding. Fine-tuning: the same, two commas, and the target items. The files have no user ids: users are
 * called by their lines, those of a pre-training file with a p in front. Source and target items have separate ids
 * there, so a target item is called `target:ID` here; the items table says which domain an item is of.
 */

const PADDING = '0';

/** The cells of a line that are ids. */
type Cells = Readonly<Record<'source' | 'targets', readonly string[]>>;

/** Reads the pre-training file of a card, if any, and its fine-tuning file; `work`: a folder for checked text. */
export async function readAuthors(folder: Folder, card: Card, work: string): Promise<Reading> {
  const numbers = { source: new Map<string, number>(), targets: new Map<string, number>() };
  const codesOf = (of: keyof Cells, cells: Cells) =>
    cells[of].map((id) => {
      const code = numbers[of].get(id) ?? numbers[of].size;
      numbers[of].set(id, code);
      return code;
    });
  const users: string[] = [];
  const lines: Readonly<Record<keyof Cells, number[]>>[] = [];
  const dropped: Dropped[] = [];
  for (const part of ['pretraining', 'interactions'] as const) {
    const name = card[part];
    if (name === undefined) continue;
    const label = pathIn(folder, part, name);
    const options = { label, encoding: 'utf-8', delimiter: ',', quotes: false, onBadRow: 'error' } as const;
    const { path } = await writePlainText(bytesOf(folder, part, name), join(work, part), options);
    const badRows = new Map<string, number>();
    let number = 0;
    for await (const text of linesOf(path)) {
      number++;
      const cells = cellsOf(text, part);
      if (!('expected' in cells)) {
        users.push(part === 'pretraining' ? `p${number}` : String(number));
        lines.push({ source: codesOf('source', cells), targets: codesOf('targets', cells) });
      } else if (card.onBadRow === 'error') throw flawAt(label, number, cells);
      else {
        const why = `column ${cells.column}: expected ${cells.expected}`;
        badRows.set(why, (badRows.get(why) ?? 0) + 1);
      }
    }
    if (lines.length === 0)
      throw flawAt(label, 1, { column: '1', expected: 'at least one row', found: 'none' });
    dropped.push(...[...badRows].map(([why, count]) => ({ what: `rows of ${basename(label)}`, why, count })));
  }
  const counts = Int32Array.from(lines, ({ source, targets }) => source.length + targets.length);
  const [sources, targets] = [[...numbers.source.keys()], [...numbers.targets.keys()]];
  const itemAt = new Int32Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const line of lines) {
    for (const code of line.source) itemAt[at++] = code;
    for (const code of line.targets) itemAt[at++] = sources.length + code;
  }
  const ids = [...sources, ...targets.map((id) => `target:${id}`)];
  const domains = ids.map((_, code) => (code < sources.length ? 'source' : 'target'));
  const fields = ['item_id', 'domain'].map((name) => ({ name, type: 'token' as const }));
  return {
    interactions: { users, items: ids, counts, itemAt },
    users: undefined,
    items: { fields, separator: ' ', columns: [ids, domains] },
    dropped,
  };
}

/** The cells of a line that are ids; empty ones are skipped, as the authors' loader does. */
function cellsOf(line: string, part: 'pretraining' | 'interactions'): Cells | Flaw {
  const [left, right, ...more] = part === 'pretraining' ? [line, ''] : line.split(',,');
  if (right === undefined || more.length > 0)
    return { column: '1', expected: 'items, two commas and targets', found: quoted(line) };
  const [source, targets] = [left.split(','), right.split(',')];
  const ids = [...source, '', ...targets];
  const flaw = (c: number, expected: string) => ({ column: String(c + 1), expected, found: quoted(ids[c]) });
  const odd = ids.findIndex((id) => !/^\d*$/.test(id));
  if (odd >= 0) return flaw(odd, 'the number of an item');
  const first = source.findIndex((id) => id !== PADDING && id !== '');
  const padding = source.lastIndexOf(PADDING);
  if (first >= 0 && padding > first) return flaw(padding, 'padding 0 on the left only');
  if (source.every((id) => id === '')) return flaw(0, 'an item');
  const zero = targets.indexOf(PADDING);
  if (zero >= 0 || (part === 'interactions' && targets.join('') === ''))
    return flaw(source.length + 1 + Math.max(0, zero), 'a target');
  return {
    source: source.filter((id) => id !== PADDING && id !== ''),
    targets: targets.filter((id) => id !== ''),
  };
}
