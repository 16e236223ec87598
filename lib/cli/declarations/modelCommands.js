/**
 * @typedef {import('./commands').Command} Command
 * @typedef {import('./commands').Option} Option
 */

const { device } = require('./commonOptions');

/** @type {Readonly<Record<string, Option>>} */
const trunk = {
  checkpoint: {
    kind: 'checkpoint',
    required: true,
    help: "a trunk: a .safetensors file of a run's models/, or the prefix of a TensorFlow checkpoint of the authors",
  },
  trunk: {
    kind: 'choice',
    choices: ['causal', 'non-causal'],
    help: "the kind of trunk; needed for the authors' checkpoints, which do not say",
  },
};

/** @type {Option} */
const patch = { kind: 'file', help: 'a patch set that was tuned on this trunk' };

/** @type {Readonly<Record<string, Option>>} */
const sequences = {
  ids: {
    kind: 'choice',
    choices: ['raw', 'model'],
    fallback: 'raw',
    help: "raw: items of the data; model: the model's own ids, read as they are: [TCL] and padding are the caller's",
  },
  input: {
    kind: 'file',
    required: true,
    help: 'a CSV file without a header: a row a user, oldest item first, rows of any length',
  },
};

/** @type {Option} */
const lines = { kind: 'newFile', required: true, ending: '.jsonl', help: 'a .jsonl file: ' };

/**
 * What a trained model does for files of sequences and for other programs.
 * @type {Readonly<Record<string, Command>>}
 */
const modelCommands = {
  encode: {
    purpose: 'Writes the hidden states of a model on sequences of items, a JSON line a row.',
    script: 'encode.ts',
    quiet: true,
    options: {
      ...trunk,
      patch,
      ...sequences,
      positions: {
        kind: 'choice',
        choices: ['last', 'all'],
        fallback: 'last',
        help: "the last position (with a patch set and raw ids: the user's vector) or all, embedded padding too",
      },
      out: { ...lines, help: `${lines.help}{ "row": n from 0, "hidden": [[k numbers]] }` },
      device,
    },
  },
  predict: {
    purpose: 'Writes the best target items or the class probabilities of sequences, a JSON line a row.',
    script: 'predict.ts',
    quiet: true,
    options: {
      ...trunk,
      patch: { ...patch, required: true },
      ...sequences,
      top: { kind: 'count', range: [1, 10_000], help: 'target items to list; 10 if not given' },
      out: {
        ...lines,
        help: `${lines.help}{ "row": n from 0, "top": [{ "item", "score" }] } or { "row", "probabilities": { class: p } }, by name and in no order`,
      },
      device,
    },
  },
  export: {
    purpose: 'Writes a model for other programs: a SavedModel for Python TensorFlow, or a safetensors file.',
    script: 'export.ts',
    quiet: true,
    options: {
      ...trunk,
      patch: {
        ...patch,
        help: `${patch.help}; a method that tunes everything, as FineAll does, leaves none and cannot be exported`,
      },
      format: {
        kind: 'choice',
        choices: ['saved-model', 'safetensors'],
        fallback: 'saved-model',
        help: 'a SavedModel takes ids [rows, length], as its assets.extra/ids.json says, and gives user vectors and scores, or the hidden states of a trunk',
      },
      rows: { kind: 'count', range: [1, 4096], help: 'rows at a time; 1 if not given' },
      length: { kind: 'count', range: [1, 100_000], help: 'ids in a row; as in training if not given' },
      out: { kind: 'newFolder', required: true, help: 'a new or empty folder' },
      device,
    },
  },
};

module.exports = { modelCommands };
