import { basename, join } from 'node:path';
import type { Card } from '../../card/card';
import type { Dropped } from '../../card/dropped';
import { type Flaw, flawAt } from '../../card/textFile';
import { bytesOf, type Folder, pathIn } from '../text/folder';
import { linesOf, writePlainText } from '../text/plainText';
import { type AuthorsPart, cellsOf, PADDING } from './authorsLine';
import { type AuthorsRow, indexer } from './authorsTokens';
import type { Encoded, Reading, TextTable } from './reading';

/**
 * The CSV files of the paper's authors, a user a line. Pre-training: item ids, comma-separated, oldest first, 0 on the
 * left as padding. Fine-tuning: the same, two commas, and the target items. The files have no user ids: users are
 * called by their lines, those of a pre-training file with a p in front. Source and target items have separate ids
 * there, so a target item is called `target:ID` here; the items table says which domain an item is of.
 */

/** What the files of a card hold, in the authors' own numbers: exactly what their loaders make of the same lines. */
export interface AuthorsRows {
  /** Tokens of the source and of the target; the id of the first of each is 1. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly users: readonly string[];
  /** One for each user, padding included. */
  readonly rows: readonly AuthorsRow[];
  readonly dropped: readonly Dropped[];
}

/** Reads the pre-training file of a card, if it names one, and its fine-tuning file; `work` is for checked text. */
export async function readAuthorsRows(folder: Folder, card: Card, work: string): Promise<AuthorsRows> {
  const [source, target] = [indexer(), indexer()];
  const rows: AuthorsRow[] = [];
  const users: string[] = [];
  const dropped: Dropped[] = [];
  for (const part of ['pretraining', 'interactions'] as const) {
    const name = card[part];
    if (name === undefined) continue;
    const label = pathIn(folder, part, name);
    const badRows = new Map<string, number>();
    let number = 0;
    for await (const line of checkedLines(folder, part, { name, label, work })) {
      const cells = cellsOf(line, part);
      number++;
      if (!('expected' in cells)) {
        users.push(part === 'pretraining' ? `p${number}` : String(number));
        rows.push({ source: cells.source.map(source.idOf), targets: cells.targets.map(target.idOf) });
      } else if (card.onBadRow === 'error') throw flawAt(label, number, cells);
      else countBadRow(badRows, cells);
    }
    if (rows.length === 0)
      throw flawAt(label, 1, { column: '1', expected: 'at least one row', found: 'none' });
    dropped.push(...[...badRows].map(([why, count]) => ({ what: `rows of ${basename(label)}`, why, count })));
  }
  return { sources: source.tokens, targets: target.tokens, users, rows, dropped };
}

async function* checkedLines(
  folder: Folder,
  part: AuthorsPart,
  { name, label, work }: { readonly name: string; readonly label: string; readonly work: string },
): AsyncGenerator<string> {
  const options = { label, encoding: 'utf-8', delimiter: ',', quotes: false, onBadRow: 'error' } as const;
  const text = await writePlainText(bytesOf(folder, part, name), join(work, part), options);
  yield* linesOf(text.path);
}

function countBadRow(badRows: Map<string, number>, { column, expected }: Flaw): void {
  const why = `column ${column}: expected ${expected}`;
  badRows.set(why, (badRows.get(why) ?? 0) + 1);
}

/** The files of a card as interactions, without the padding, and items with their domains. */
export async function readAuthors(folder: Folder, card: Card, work: string): Promise<Reading> {
  const { sources, targets, users, rows, dropped } = await readAuthorsRows(folder, card, work);
  const items = itemsTable(sources, targets);
  const interactions = interactionsOf(rows, users, items.columns[0], {
    padding: sources.indexOf(PADDING) + 1,
    sources: sources.length,
  });
  return { interactions, users: undefined, items, dropped };
}

function itemsTable(sources: readonly string[], targets: readonly string[]): TextTable {
  const own = sources.filter((token) => token !== PADDING);
  return {
    fields: [
      { name: 'item_id', type: 'token' },
      { name: 'domain', type: 'token' },
    ],
    separator: ' ',
    columns: [
      [...own, ...targets.map((token) => `target:${token}`)],
      [...own.map(() => 'source'), ...targets.map(() => 'target')],
    ],
  };
}

/** Source ids count from 1, without the padding after it; target ids follow. */
function interactionsOf(
  rows: readonly AuthorsRow[],
  users: readonly string[],
  items: readonly string[],
  { padding, sources }: { readonly padding: number; readonly sources: number },
): Encoded {
  const isItem = (id: number) => id !== padding;
  const sourceCode = (id: number) => (padding > 0 && id > padding ? id - 2 : id - 1);
  const firstTarget = padding > 0 ? sources - 1 : sources;
  const codes = rows.map(({ source, targets }) => [
    ...source.filter(isItem).map(sourceCode),
    ...targets.map((id) => firstTarget + id - 1),
  ]);
  const counts = Int32Array.from(codes, (own) => own.length);
  const itemAt = new Int32Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const own of codes) {
    itemAt.set(own, at);
    at += own.length;
  }
  return { users, items, counts, itemAt };
}
