/** Widgets, by the protocol of ipywidgets 2.1: the model lives here, front ends draw it by a module that they are sent (anywidget). */
const { randomUUID } = require('node:crypto');
const { acceptComms, openComm } = require('./comms');

module.exports = { openWidget };

/** @typedef {import('./comms').Data} Data */

const TARGET = 'jupyter.widget';
const PROTOCOL = { version: '2.1.0' };

/** The version that set-up installs, in requirements/jupyter.txt. */
const DRAWN_BY = {
  _model_module: 'anywidget',
  _model_name: 'AnyModel',
  _model_module_version: '~0.11.0',
  _view_module: 'anywidget',
  _view_name: 'AnyView',
  _view_module_version: '~0.11.0',
  _view_count: null,
};

/** States of all widgets, by their ids. @type {Map<string, Record<string, any>>} */
const states = new Map();

const update = (/** @type {Data} */ state) => ({ method: 'update', state, buffer_paths: [] });

/**
 * Opens a widget.
 * @param {Data} module `_esm`, which draws, and `_anywidget_id`
 * @param {Data} start the state that it draws
 * @param {(content: Data) => void} hears what front ends say
 * @returns {{ readonly id: string, readonly set: (changes: Data) => void }} its id, and what changes its state
 */
function openWidget(module, start, hears) {
  const id = randomUUID().replaceAll('-', '');
  const state = { ...DRAWN_BY, ...module, ...start };
  const opening = { target: TARGET, data: { state, buffer_paths: [] }, metadata: PROTOCOL };
  const say = openComm(id, opening, ({ method, content }) => {
    if (method === 'request_state') say(update(state));
    if (method === 'custom') hears(content);
  });
  states.set(id, state);
  const set = (/** @type {Data} */ changes) => {
    Object.assign(state, changes);
    say(update(changes));
  };
  return { id, set };
}

/** A tab that is opened again asks for all widgets. */
acceptComms(`${TARGET}.control`, (say) => ({ method }) => {
  if (method !== 'request_states') return;
  const about = {
    model_name: DRAWN_BY._model_name,
    model_module: DRAWN_BY._model_module,
    model_module_version: DRAWN_BY._model_module_version,
  };
  const all = [...states].map(([id, state]) => [id, { ...about, state }]);
  say({ method: 'update_states', states: Object.fromEntries(all), buffer_paths: [] });
});
