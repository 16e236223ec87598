/** JSON lines. */
import path from 'node:path';
import { removeParts, writeWhole } from '../../base/whole';

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** Writes lines as they come; the file appears when all are written. */
export function writeLines(file: string, lines: Iterable<string>): void {
  removeParts(path.dirname(file), `${path.basename(file)}.`);
  writeWhole(file, ended(lines));
}

/** A float32 with nine digits, which always give the same float32 again. */
export function shortened(value: number): number {
  return Number(value.toPrecision(9));
}

/** `{ "row": n, … }` for each row, n from 0; numbers are float32. */
export function* numbered(rows: Iterable<object>): Generator<string> {
  let row = 0;
  for (const content of rows) {
    yield JSON.stringify({ row, ...content }, (_, value) =>
      typeof value === 'number' && !Number.isInteger(value) ? shortened(value) : value,
    );
    row++;
  }
}
