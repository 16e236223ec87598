/**
 * Starts tslab for the Jupyter connection file in argv[2]. From the project's root, whatever folder the notebook is
 * in: tslab resolves a cell's imports from the working directory, so every notebook writes `./lib/...`.
 */
const fs = require('node:fs');
const path = require('node:path');
const util = require('node:util');

/** As in lib/engine/threads.ts: a cell may import tfjs-node before any file of lib. */
Object.assign(util, {
  isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
  isArray: Array.isArray,
});

/** Ends the kernel of a Jupyter that was killed: it would keep its memory for ever. */
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 5000).unref();

/** Ends a kernel whose port another process has taken: its client starts one on other ports. */
process.on('unhandledRejection', (/** @type {NodeJS.ErrnoException} */ reason) => {
  if (reason?.code !== 'EADDRINUSE') return;
  fs.writeSync(2, `Error: ${reason.message}\n`);
  process.exit(1);
});

process.chdir(path.resolve(__dirname, '../../..'));
require('./compiler').offerCompiler();
require('./library').offerLibrary();
const { mendMessages, publishError } = require('./messages');
require('./errors').offerErrors(publishError);
mendMessages();
const { startKernel } = require('tslab/dist/main.js');
startKernel({ configPath: process.argv[2], enableFindLocal: false });
