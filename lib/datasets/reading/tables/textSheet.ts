import { flawAt, quoted } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import type { Piece } from '../sql/part';
import { bytesOf, pathIn } from '../text/folder';
import { firstLinesOf, writePlainText } from '../text/plainText';
import { CELL_END, trimmed } from '../text/rows';
import { delimiterOf } from './delimiter';
import { pathOf, requireSame, type Sheet, type SheetColumn, type SheetPlace } from './sheet';

const LINES_LOOKED_AT = 20;

/** Files of separated cells, with a header unless the card names their columns. */
export async function openTextSheet(_: Engine, place: SheetPlace, names: readonly string[]): Promise<Sheet> {
  const { folder, part, encoding, onBadRow } = place;
  const delimiter = await delimiterIn(place, names[0]);
  const pieces: Piece[] = [];
  let columns: SheetColumn[] = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(folder, part, name);
    const options = { label, encoding, onBadRow, delimiter, quotes: true, emptyEnd: true, trims: true };
    const content = await writePlainText(bytesOf(folder, part, name), pathOf(place, i), options);
    const header = place.header ?? soundHeader(label, content.firstLine.split(CELL_END));
    const own = header.map((column) => ({ name: column, isList: false }));
    if (i === 0) columns = own;
    requireSame(label, own, { name: names[0], columns });
    pieces.push({ label, content });
  }
  return { columns, nested: [], headerLines: place.header === undefined ? 1 : 0, delimiter, pieces };
}

async function delimiterIn(place: SheetPlace, name: string): Promise<string> {
  const { folder, part, encoding, header, needed } = place;
  const lines = await firstLinesOf(bytesOf(folder, part, name), LINES_LOOKED_AT, encoding);
  if (/^\s*[[{]\s*["{[]/.test(lines[0] ?? '')) {
    const expected = 'cells, or JSON lines under a name that ends in .json, .jsonl or .ndjson';
    throw flawAt(pathIn(folder, part, name), 1, { column: '1', expected, found: quoted(lines[0]) });
  }
  return delimiterOf(lines, (cells) =>
    header === undefined
      ? needed.every((column) => cells.some((cell) => trimmed(cell) === column))
      : cells.length === header.length,
  );
}

function soundHeader(label: string, header: readonly string[]): readonly string[] {
  if (header.every((name) => name === ''))
    throw flawAt(label, 1, { column: '1', expected: 'a header', found: 'none' });
  const repeated = header.find((name, c) => name !== '' && header.indexOf(name) < c);
  if (repeated === undefined) return header;
  throw flawAt(label, 1, { column: repeated, expected: 'each column once', found: 'it twice' });
}
