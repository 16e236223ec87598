/** What nearly every notebook imports, made ready while the kernel waits for its first cell. */
const { cells } = require('./cells');
const { inProject } = require('../tools/project');

module.exports = { warmUp };

const USUAL = ['lib/notebook/bench', 'lib/notebook/show'];

/** What needs no TensorFlow: that takes memory, a GPU's too, and the first cell may still say which device it sees. */
const LIGHT = ['lib/notebook/show', 'lib/methods/family'];

/** A notebook that runs by itself asks for its first cell sooner, and a person later. */
const MILLISECONDS_UNTIL_IDLE = 1000;

/** @param {(prefix: string, cell: string) => unknown} convert what makes JavaScript of a cell */
function warmUp(convert) {
  const imports = USUAL.map((name) => `import * as _ from './${name}';`);
  const steps = [
    ...imports.map((cell) => () => convert('', cell)),
    ...LIGHT.map((name) => () => require(inProject(name))),
  ];
  setTimeout(() => takeWhileIdle(steps), MILLISECONDS_UNTIL_IDLE).unref();
}

/**
 * One after the other, so that a cell has not long to wait. What fails will fail in the cell that asks for it, which says why.
 * @param {readonly (() => unknown)[]} steps
 */
function takeWhileIdle([step, ...steps]) {
  if (!step || cells.size > 0) return;
  try {
    step();
    setImmediate(takeWhileIdle, steps);
  } catch {}
}
