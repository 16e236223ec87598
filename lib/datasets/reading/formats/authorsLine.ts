import { type Flaw, quoted } from '../../card/textFile';
import { tokenize } from './authorsTokens';

/** The cells of a line of the authors' files, and what may be wrong with them. */

export type AuthorsPart = 'pretraining' | 'interactions';

/** What stands on the left of a short sequence. */
export const PADDING = '0';

interface Cells {
  readonly source: readonly string[];
  readonly targets: readonly string[];
}

/** The cells that are ids; empty ones are skipped, as the authors' loader does. */
export function cellsOf(line: string, part: AuthorsPart): Cells | Flaw {
  const [left, right, more] = part === 'pretraining' ? [line, ''] : line.split(',,');
  if (right === undefined || more !== undefined) {
    return { column: '1', expected: 'items, two commas and targets', found: quoted(line) };
  }
  const source = left.split(',');
  const targets = right.split(',');
  const flaw =
    idFlaw(source, 1) ??
    sourceFlaw(source) ??
    (part === 'interactions' ? targetFlaw(targets, source.length + 2) : undefined);
  return (
    flaw ?? { source: source.filter((cell) => cell !== ''), targets: targets.filter((cell) => cell !== '') }
  );
}

/** Empty cells are skipped, as the authors' loader does; an id that it would cut into several is refused. */
function idFlaw(cells: readonly string[], firstColumn: number): Flaw | undefined {
  const c = cells.findIndex((cell) => !/^\d*$/.test(cell) && tokenize(cell)[0] !== cell);
  if (c < 0) return undefined;
  const expected = "an id that the authors' loader keeps whole";
  return { column: String(firstColumn + c), expected, found: quoted(cells[c]) };
}

function sourceFlaw(cells: readonly string[]): Flaw | undefined {
  if (cells.every((cell) => cell === '')) return { column: '1', expected: 'an item', found: quoted('') };
  const first = cells.findIndex((cell) => cell !== PADDING && cell !== '');
  const c = cells.findIndex((cell, column) => cell === PADDING && column > first);
  if (first < 0 || c < 0) return undefined;
  return { column: String(c + 1), expected: 'padding 0 on the left only', found: quoted(PADDING) };
}

function targetFlaw(cells: readonly string[], firstColumn: number): Flaw | undefined {
  const padding = cells.indexOf(PADDING);
  const column = String(firstColumn + Math.max(padding, 0));
  if (padding >= 0 || cells.every((cell) => cell === ''))
    return { column, expected: 'a target', found: quoted(padding >= 0 ? PADDING : '') };
  return idFlaw(cells, firstColumn);
}
