import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1 << 20;
/** The longest cell that is written without a look at the room that is left. */
const CELL_BYTES = 32;
const TAB = 9;
const NEWLINE = 10;
const ZERO = 48;

/** Writes tab-separated cells of ASCII text and whole numbers to a new file, a megabyte at a time. */
export class RowWriter {
  private readonly file: number;
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private used = 0;
  private inRow = false;

  /** `header` is the first line; throws where the file exists. */
  constructor(path: string, header: string) {
    this.file = openSync(path, 'wx');
    writeSync(this.file, `${header}\n`);
  }

  /** A cell of at most 32 characters. */
  text(cell: string): void {
    this.begin();
    this.used += this.buffer.write(cell, this.used, 'latin1');
  }

  /** A cell such as `u17`: one character and a whole number of at least 0. */
  id(letter: number, value: number): void {
    this.begin();
    this.buffer[this.used++] = letter;
    this.digits(value);
  }

  /** A cell with a whole number of at least 0. */
  number(value: number): void {
    this.begin();
    this.digits(value);
  }

  endRow(): void {
    this.buffer[this.used++] = NEWLINE;
    this.inRow = false;
    if (this.used > BUFFER_BYTES / 2) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private begin(): void {
    if (this.used + CELL_BYTES + 2 > BUFFER_BYTES) this.flush();
    if (this.inRow) this.buffer[this.used++] = TAB;
    this.inRow = true;
  }

  private digits(value: number): void {
    let end = this.used + 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
    this.used = end;
    let rest = value;
    do {
      const tenth = Math.floor(rest / 10);
      this.buffer[--end] = ZERO + rest - 10 * tenth;
      rest = tenth;
    } while (rest > 0);
  }

  private flush(): void {
    for (let at = 0; at < this.used; ) at += writeSync(this.file, this.buffer, at, this.used - at);
    this.used = 0;
  }
}
