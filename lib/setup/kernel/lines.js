/** Which line of a cell a place in the script is of that was made of it: both have the same words in nearly the same order. */
const ts = require('@tslab/typescript-for-tslab');

module.exports = { lineOf };

/** Characters that the executor puts in front of a script, on its first line, or a few more. */
const LONGEST_PREFIX = '(async function(exports, require) { '.length;

/**
 * The words of a source with the lines that they stand in, from 1, and their columns, from 1.
 * @param {string} source
 */
function wordsOf(source) {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, source);
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const words = [];
  let line = 0;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const at = scanner.getTokenPos();
    while (line + 1 < starts.length && starts[line + 1] <= at) line++;
    words.push({ text: scanner.getTokenText(), line: line + 1, column: at - starts[line] + 1 });
  }
  return words;
}

/**
 * The line of the cell, from 1, whose words stand at a place of the script; undefined where none of them is found there.
 * @param {string} source the cell
 * @param {string} script what was made of it
 * @param {{ readonly row: number, readonly column: number }} place from 1, with what the executor puts in front
 * @returns {number | undefined}
 */
function lineOf(source, script, { row, column }) {
  const [written, made] = [wordsOf(source), wordsOf(script)];
  const shift = row === 1 ? LONGEST_PREFIX : 0;
  const pairs = alignedWords(written, made);
  const isBefore = (/** @type {typeof made[number]} */ word) =>
    word.line < row || (word.line === row && word.column <= Math.max(1, column - shift));
  const last = pairs.filter(([, own]) => isBefore(made[own])).at(-1) ?? pairs[0];
  return last && written[last[0]].line;
}

/**
 * The longest common subsequence of two lists of words, as pairs of places.
 * @param {readonly { readonly text: string }[]} a
 * @param {readonly { readonly text: string }[]} b
 * @returns {(readonly [number, number])[]}
 */
function alignedWords(a, b) {
  const width = b.length + 1;
  const lengths = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i].text === b[j].text
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  /** @type {(readonly [number, number])[]} */
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i].text === b[j].text) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}
