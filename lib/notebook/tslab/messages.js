/** Messages of tslab's server: none is lost, a running cell is busy, and its error reaches front ends and its reply. */
const { JupyterHandlerImpl, ZmqServer } = require('tslab/dist/jupyter.js');

module.exports = { mendMessages, publishError };

/** @typedef {Readonly<Record<string, any>>} Data content of a message, as JSON keeps it */
/** @typedef {{ readonly createReply: () => any }} Message */

/** The server, once it executes a cell. @type {any} */
let server;

/** Cells that run or wait, the running one first. @type {Message[]} */
const cells = [];

/** The error of the running cell, for its reply. @type {Data | undefined} */
let failed;

/** Before tslab is started. */
function mendMessages() {
  const prototype = /** @type {any} */ (ZmqServer.prototype);
  const { bindSocket, handleExecute, publishStatus } = prototype;
  /** @type {Record<string, unknown> & ThisType<any>} */
  const own = {
    /** @param {{ sendTimeout: number, sendHighWaterMark: number }} socket @param {number} port */
    bindSocket(socket, port) {
      // Else ZeroMQ puts off each 513th message of a socket, and loses what follows until that one is sent.
      socket.sendTimeout = 0;
      // Else messages are lost while 1,000 wait for a slower front end.
      socket.sendHighWaterMark = 0;
      return bindSocket.call(this, socket, port);
    },
    /** @param {unknown} socket @param {Message} message */
    async handleExecute(socket, message) {
      server = this;
      cells.push(message);
      try {
        await handleExecute.call(this, socket, message);
      } finally {
        cells.splice(cells.indexOf(message), 1);
      }
    },
    /** The front end shows the last status of all: busy while a cell runs. @param {string} status @param {Message} parent */
    publishStatus(status, parent) {
      publishStatus.call(this, status, parent);
      if (status === 'idle' && cells.length > 0) publishStatus.call(this, 'busy', cells[0]);
    },
  };
  Object.assign(prototype, own);
  replyWithFailures();
}

/** nbclient reads errors from the reply. */
function replyWithFailures() {
  const prototype = /** @type {any} */ (JupyterHandlerImpl.prototype);
  const { handleExecute } = prototype;
  prototype.handleExecute = async function (/** @type {unknown[]} */ ...request) {
    const reply = await handleExecute.apply(this, request);
    const told = reply.status === 'error' ? { ...reply, ...failed } : reply;
    failed = undefined;
    return told;
  };
}

/** Tells all front ends that the running cell has failed, and so does its reply. @param {{ readonly name: string, readonly message: string, readonly text: string }} failure */
function publishError({ name, message, text }) {
  failed = { ename: name, evalue: message, traceback: text.split('\n') };
  const told = cells[0].createReply();
  told.header.msg_type = 'error';
  Object.assign(told, { content: failed, metadata: {} });
  told.signAndSend(server.connInfo.key, server.iopub);
}
