/**
 * Comms: messages between front ends and cells, also while a cell runs. tslab knows none: it warns of their messages, and answers a
 * `comm_info_request` by a message of another type.
 */
const { JupyterHandlerImpl, ZmqServer } = require('tslab/dist/jupyter.js');

module.exports = { serveComms, openComm, acceptComms, publishError };

/** @typedef {Readonly<Record<string, any>>} Data content of a message, as JSON keeps it */
/** @typedef {(data: Data) => void} Hears */
/** @typedef {{ readonly header: { readonly msg_type: string }, readonly content: Data, readonly createReply: () => any }} Message */

/** Open comms by their ids: target, whether a cell has opened them, and who hears the front end. */
const comms = new Map();

/** Who accepts comms that the front end opens, by their target. */
const accepting = new Map();

/** The server, once it has heard something. @type {any} */
let server;

/** The class of tslab's messages, which it does not export: taken from the first message. @type {any} */
let OwnMessage;

/** Cells that run or wait, the running one first. @type {Message[]} */
const cells = [];

/** The cell that began last, and the message of the front end under way. @type {Message | undefined} */
let lastCell;
/** @type {Message | undefined} */
let heard;

/** The error of the running cell, for its reply. @type {Data | undefined} */
let failed;

/** Messages that tslab does not know. @type {Readonly<Record<string, Hears>>} */
const served = {
  comm_open: ({ comm_id: id, target_name: target, data }) => {
    const accept = accepting.get(target);
    if (accept) comms.set(id, { target, hears: accept(sayOn(id), data) });
    else publish('comm_close', { comm_id: id, data: {} });
  },
  comm_msg: ({ comm_id: id, data }) => comms.get(id)?.hears(data),
  // Another tab may still show what a cell has opened.
  comm_close: ({ comm_id: id }) => comms.get(id)?.isOfCell || comms.delete(id),
};

/** Before tslab is started. */
function serveComms() {
  const prototype = /** @type {any} */ (ZmqServer.prototype);
  const { bindSocket, handleShellMessage, handleExecute, publishStatus } = prototype;
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
    /** @param {unknown} socket @param {readonly Buffer[]} raw */
    async handleShellMessage(socket, ...raw) {
      const message = OwnMessage?.fromRaw(this.connInfo.key, raw);
      const serve = served[message?.header.msg_type];
      if (!serve) return handleShellMessage.call(this, socket, ...raw);
      heard = message;
      this.publishStatus('busy', message);
      try {
        serve(message.content);
      } catch (error) {
        console.error(error);
      } finally {
        heard = undefined;
        this.publishStatus('idle', message);
      }
    },
    /** @param {unknown} socket @param {Message} message */
    async handleExecute(socket, message) {
      lastCell = message;
      cells.push(message);
      try {
        await handleExecute.call(this, socket, message);
      } finally {
        cells.splice(cells.indexOf(message), 1);
      }
    },
    /** The front end shows the last status of all: busy while a cell runs. @param {string} status @param {Message} parent */
    publishStatus(status, parent) {
      server = this;
      OwnMessage ??= parent.constructor;
      publishStatus.call(this, status, parent);
      if (status === 'idle' && cells.length > 0) publishStatus.call(this, 'busy', cells[0]);
    },
    /** @param {unknown} socket @param {Message} message */
    handleCommInfoRequest(socket, message) {
      const { target_name: asked } = message.content;
      const found = [...comms].filter(([, { target }]) => asked === undefined || asked === target);
      const reply = message.createReply();
      reply.header.msg_type = 'comm_info_reply';
      const targets = found.map(([id, { target }]) => [id, { target_name: target }]);
      reply.content = { status: 'ok', comms: Object.fromEntries(targets) };
      reply.signAndSend(this.connInfo.key, socket);
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

/** Tells all front ends, in answer to the message under way or as the cell's. @param {string} type @param {Data} content @param {Data} [metadata] */
function publish(type, content, metadata = {}) {
  const message = (heard ?? cells[0] ?? lastCell)?.createReply();
  if (!message) return; // nobody has asked for anything yet
  message.header.msg_type = type;
  Object.assign(message, { content, metadata });
  message.signAndSend(server.connInfo.key, server.iopub);
}

/** Tells all front ends that the cell has failed, and so does its reply. @param {{ readonly name: string, readonly message: string, readonly text: string }} failure */
function publishError({ name, message, text }) {
  failed = { ename: name, evalue: message, traceback: text.split('\n') };
  publish('error', failed);
}

/** @param {string} id @returns {Hears} */
const sayOn = (id) => (data) => publish('comm_msg', { comm_id: id, data });

/**
 * Opens a comm to all front ends, for as long as the kernel lives.
 * @param {string} id
 * @param {{ readonly target: string, readonly data: Data, readonly metadata: Data }} opening
 * @param {Hears} hears what front ends say
 * @returns {Hears} says something to all of them
 */
function openComm(id, { target, data, metadata }, hears) {
  comms.set(id, { target, isOfCell: true, hears });
  publish('comm_open', { comm_id: id, target_name: target, data }, metadata);
  return sayOn(id);
}

/** Lets front ends open comms of a target. @param {string} target @param {(say: Hears, data: Data) => Hears} accept */
function acceptComms(target, accept) {
  accepting.set(target, accept);
}
