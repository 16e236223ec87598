/**
 * Widgets, by the protocol of ipywidgets 2.1: the model lives here, front ends draw it by a module that they are sent (anywidget).
 * tslab knows no comms: it warns of their messages, and answers a `comm_info_request` by a message of another type.
 */
const { randomUUID } = require('node:crypto');
const { JupyterHandlerImpl, ZmqServer } = require('tslab/dist/jupyter.js');

module.exports = { serveComms, openWidget, publishError };

/** @typedef {Readonly<Record<string, any>>} Data content of a message, as JSON keeps it */
/** @typedef {(data: Data) => void} Listener */
/** @typedef {{ readonly header: { readonly msg_type: string }, readonly content: Data, readonly createReply: () => any }} Message */

const TARGET = 'jupyter.widget';
const PROTOCOL = { version: '2.1.0' };

/** The version that set-up installs, in requirements/jupyter.txt. */
const MODEL = { _model_module: 'anywidget', _model_name: 'AnyModel', _model_module_version: '~0.11.0' };
const VIEW = { _view_module: 'anywidget', _view_name: 'AnyView', _view_module_version: '~0.11.0' };

/** Widgets by the ids of their comms, for as long as the kernel lives: another tab may still show one that a tab closes. */
/** @type {Map<string, { readonly state: Record<string, any>, readonly onMessage: Listener }>} */
const widgets = new Map();

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

/** Messages that tslab does not know. @type {Readonly<Record<string, Listener>>} */
const served = {
  // A tab that is opened again then asks for each widget.
  comm_open: ({ comm_id: id }) => publish('comm_close', { comm_id: id, data: {} }),
  comm_msg: ({ comm_id: id, data: { method, content } }) => {
    const widget = widgets.get(id);
    if (widget && method === 'request_state') update(id, widget.state);
    if (widget && method === 'custom') widget.onMessage(content);
  },
  comm_close: () => {},
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
      const { target_name: asked = TARGET } = message.content;
      const found = asked === TARGET ? [...widgets.keys()] : [];
      const reply = message.createReply();
      reply.header.msg_type = 'comm_info_reply';
      const targets = found.map((id) => [id, { target_name: TARGET }]);
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

/** @param {string} id @param {Data} state */
const update = (id, state) =>
  publish('comm_msg', { comm_id: id, data: { method: 'update', state, buffer_paths: [] } });

/**
 * Opens a widget in all front ends.
 * @param {Data} module `_esm`, which draws, and `_anywidget_id`
 * @param {Data} start the state that it draws
 * @param {Listener} onMessage what front ends say
 * @returns {{ readonly id: string, readonly set: (changes: Data) => void }} its id, and what changes its state
 */
function openWidget(module, start, onMessage) {
  const id = randomUUID().replaceAll('-', '');
  const state = { ...MODEL, ...VIEW, _view_count: null, ...module, ...start };
  widgets.set(id, { state, onMessage });
  publish('comm_open', { comm_id: id, target_name: TARGET, data: { state, buffer_paths: [] } }, PROTOCOL);
  const set = (/** @type {Data} */ changes) => {
    Object.assign(state, changes);
    update(id, changes);
  };
  return { id, set };
}
