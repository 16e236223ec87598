/** One notebook after another in the same kernel: it forgets variables and cells, and keeps what it has loaded, which takes longest. */
const { JupyterHandlerImpl } = require('tslab/dist/jupyter.js');
const { cells } = require('./cells');
const { acceptComms } = require('./comms');

module.exports = { offerStartOver };

/** Before tslab is started: whoever opens a comm of this name, between cells, finds the kernel as it was before the first. */
function offerStartOver() {
  const prototype = /** @type {any} */ (JupyterHandlerImpl.prototype);
  const { handleExecute } = prototype;
  /** What runs cells, once it has run one. @type {any} */
  let handler;
  prototype.handleExecute = function (/** @type {unknown[]} */ ...request) {
    handler = this;
    return handleExecute.apply(this, request);
  };
  acceptComms('start-over', () => {
    handler?.executor.reset();
    if (handler) handler.execCount = 0;
    cells.clear();
    return () => {};
  });
}
