import { join } from 'node:path';
import { flawAt, quoted } from '../../card/textFile';
import type { Engine } from '../sql/engine';
import type { Piece } from '../sql/part';
import { trimmed } from '../text/blanks';
import { bytesOf, pathIn } from '../text/folder';
import { firstLinesOf, writePlainText } from '../text/plainText';
import { CELL_END } from '../text/rows';
import { delimiterOf } from './delimiter';
import { requireOnce, requireSame, type Sheet, type SheetPlace } from './sheet';

const LINES_LOOKED_AT = 20;

/** Files of separated cells, with a header unless the card names their columns. */
export async function openTextSheet(_: Engine, place: SheetPlace, names: readonly string[]): Promise<Sheet> {
  const delimiter = await delimiterIn(place, names[0]);
  const pieces: Piece[] = [];
  const headers: (readonly string[])[] = [];
  for (const [i, name] of names.entries()) {
    const label = pathIn(place.folder, place.part, name);
    const content = await writePlainText(bytesOf(place.folder, place.part, name), pathOf(place, i), {
      label,
      encoding: place.encoding,
      onBadRow: place.onBadRow,
      delimiter,
      quotes: true,
      emptyEnd: true,
      trims: true,
    });
    const header = place.header ?? soundHeader(label, content.firstLine.split(CELL_END));
    headers.push(header);
    requireSame(label, header, { name: names[0], columns: headers[0] });
    pieces.push({ label, content });
  }
  const columns = headers[0].map((name) => ({ name, isList: false }));
  return { columns, nested: [], headerLines: place.header === undefined ? 1 : 0, delimiter, pieces };
}

/** Where the checked text of a file of a pattern goes. */
export function pathOf({ work, part }: SheetPlace, i: number): string {
  return join(work, `${part}${i}`);
}

async function delimiterIn(place: SheetPlace, name: string): Promise<string> {
  const { folder, part, encoding, header, needed } = place;
  const label = pathIn(folder, part, name);
  const lines = await firstLinesOf(bytesOf(folder, part, name), LINES_LOOKED_AT, { label, encoding });
  if (/^\s*[[{]\s*["{[]/.test(lines[0] ?? ''))
    throw flawAt(label, 1, {
      column: '1',
      expected: 'cells, or JSON lines under a name that ends in .json, .jsonl or .ndjson',
      found: quoted(lines[0]),
    });
  return delimiterOf(lines, (cells) =>
    header === undefined
      ? needed.every((column) => cells.some((cell) => trimmed(cell) === column))
      : cells.length === header.length,
  );
}

function soundHeader(label: string, header: readonly string[]): readonly string[] {
  if (header.every((name) => name === ''))
    throw flawAt(label, 1, { column: '1', expected: 'a header', found: 'none' });
  requireOnce(label, header);
  return header;
}
