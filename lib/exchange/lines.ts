/** JSON lines, a line a row. */
import fs from 'node:fs';
import { partialOf, toldAs } from '../files/whole';

/** Writes lines as they come; the file appears when the last one is written, and not at all where one fails. */
export function writeLines(file: string, lines: Iterable<string>): void {
  const partial = partialOf(file);
  const descriptor = fs.openSync(partial, 'w');
  try {
    for (const line of lines) fs.writeFileSync(descriptor, `${line}\n`);
    fs.renameSync(partial, file);
  } catch (error) {
    throw toldAs(file, error);
  } finally {
    fs.closeSync(descriptor);
    fs.rmSync(partial, { force: true });
  }
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
