module.exports = { cells: recorded() };

/**
 * Cells that ran, by their numbers: as they were written, and what was made of them where they could be compiled.
 * @returns {Map<number, { source: string, output?: string }>}
 */
function recorded() {
  return new Map();
}
