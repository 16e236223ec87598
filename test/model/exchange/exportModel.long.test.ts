import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../../lib/engine/native';
import { writeFrozenModel } from '../../../lib/engine/program/frozen';
import { upload } from '../../../lib/engine/weights';
import {
  exportTrunk,
  exportUserModel,
  lengthOf,
  saveUserModel,
} from '../../../lib/model/exchange/exportModel';
import { readAuthorsTrunk } from '../../../lib/model/files/authorsTrunk';
import { loadUserModel } from '../../../lib/model/files/patchFile';
import { loadWeights } from '../../../lib/model/files/safetensors';
import { scores } from '../../../lib/model/heads';
import { encode } from '../../../lib/model/trunks/trunk';
import { userIds, userVector } from '../../../lib/model/userModel';
import { python as ownPython } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';
import { assertClose } from '../../engine/bothWays';
import { LENGTH } from '../tinyModel';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from './authorsFiles';
import { CLASSES, FILMS, insertion, PROVENANCE, tinyFiles } from './tinyFiles';

const rows = [[1, 2, 3], [6], [2, 2, 5, 4, 3]].map((row) => Int32Array.from(row));

const near = (found: ArrayLike<number>, expected: ArrayLike<number>, name: string) =>
  assertClose(found, expected, 1e-5, name);

/** An exported user model, and what its graph has to give for the rows, by the functions of the model. */
function exported(direction: 'causal' | 'non-causal') {
  const { trunk, patch } = tinyFiles(direction);
  const model = loadUserModel(trunk, patch);
  const folder = folderWith({});
  exportUserModel(folder, model, { rows: rows.length, length: lengthOf(model) as number });
  const { shape } = model.trunk;
  const flat = userIds(rows, { shape }, LENGTH);
  const ids = tf.tensor2d(flat, [rows.length, flat.length / rows.length], 'int32');
  const weights = upload(model.weights);
  const user = userVector(weights, { shape, insertion }, ids);
  const o = scores(user, weights.head);
  return { folder, ids, outputs: { user, scores: o, probabilities: tf.softmax(o) } };
}

const RUN = `
import json, sys
import tensorflow as tf
folder, ids = json.loads(sys.argv[1])
run = tf.saved_model.load(folder).signatures['serving_default']
print(json.dumps({name: value.numpy().tolist() for name, value in run(ids=tf.constant(ids, tf.int32)).items()}))
`;

/** A Python in which TensorFlow can be imported: set-up installs TensorFlow's library alone, not what its Python needs. */
const python = [process.env.PETERREC_PYTHON, ownPython, 'python3'].find(
  (one) => one && spawnSync(one, ['-c', 'import tensorflow']).status === 0,
);
const skip = python ? false : 'no Python with TensorFlow: name one in PETERREC_PYTHON';

for (const direction of ['causal', 'non-causal'] as const) {
  test(`${direction}: a SavedModel gives the numbers of the model, read by tfjs`, async () => {
    const { folder, ids, outputs } = exported(direction);
    const loaded = await tf.node.loadSavedModel(folder);
    const found = loaded.predict({ ids }) as Record<string, Tensor>;
    assert.deepEqual(Object.keys(found).sort(), ['probabilities', 'scores', 'user']);
    for (const [name, tensor] of Object.entries(outputs)) {
      assert.deepEqual(found[name].shape, tensor.shape);
      near(found[name].dataSync(), tensor.dataSync(), name);
    }
    loaded.dispose();
  });

  test(`${direction}: a SavedModel gives the numbers of the model, run by Python TensorFlow`, {
    skip,
  }, () => {
    const { folder, ids, outputs } = exported(direction);
    const { status, stdout, stderr } = spawnSync(
      python as string,
      ['-c', RUN, JSON.stringify([folder, ids.arraySync()])],
      { encoding: 'utf8', env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' } },
    );
    assert.equal(status, 0, stderr);
    const found: Record<string, number[][]> = JSON.parse(stdout);
    for (const [name, tensor] of Object.entries(outputs)) near(found[name].flat(), tensor.dataSync(), name);
  });
}

test('beside the graph stand the vocabulary, the labels and what ids mean', () => {
  const { folder } = exported('causal');
  const read = (name: string) =>
    JSON.parse(fs.readFileSync(path.join(folder, 'assets.extra', `${name}.json`), 'utf8'));
  assert.deepEqual(read('items'), FILMS);
  const card = read('card');
  assert.deepEqual({ ...card, ...PROVENANCE, labels: CLASSES }, card);
  assert.deepEqual(read('ids'), {
    ...{ padding: 0, firstItem: 1, tcl: FILMS.length + 1, direction: 'causal', paddedPositions: 'masked' },
    ...{ length: LENGTH + 1, trainedLength: LENGTH + 1, representation: 'token' },
    layout: 'padding, the latest items, oldest first, [TCL]; padding changes no number',
    example: { items: FILMS.slice(0, 3), ids: [0, 0, 1, 2, 3, FILMS.length + 1] },
  });
});

/** The ops that the project's kernels register. */
function ownOps(): string[] {
  const sources = fs.readdirSync('lib/engine/kernels').filter((name) => name.endsWith('.cc'));
  const text = sources.map((name) => fs.readFileSync(path.join('lib/engine/kernels', name), 'utf8')).join();
  return [...text.matchAll(/Register\(\{"(\w+)"/g)].map(([, name]) => name);
}

test("an imported trunk is exported without any op of the project's own", async () => {
  const trunk = readAuthorsTrunk(saveCheckpoint(authorsVariables(madeUpTrunk())), 'causal');
  const folder = folderWith({});
  exportTrunk(folder, { ...trunk, name: 'made-up', source: undefined }, { rows: 2, length: 4 });
  const graph = fs.readFileSync(path.join(folder, 'saved_model.pb'), 'latin1');
  const ids = JSON.parse(fs.readFileSync(path.join(folder, 'assets.extra', 'ids.json'), 'utf8'));
  assert.deepEqual(ids.example, { items: [1, 2, 3], ids: [0, 1, 2, 3] });
  assert.ok(graph.includes('Conv2D') && ownOps().includes('DilatedConv'));
  for (const op of ownOps()) assert.ok(!graph.includes(op), op);
  const batch = tf.tensor2d([1, 2, 3, 0, 4, 5, 6, 7], [2, 4], 'int32');
  const loaded = await tf.node.loadSavedModel(folder);
  const { hidden } = loaded.predict({ ids: batch }) as Record<string, Tensor>;
  near(hidden.dataSync(), encode(upload(trunk.weights), trunk.shape, batch).dataSync(), 'hidden');
  loaded.dispose();
});

test('weights beyond 2 GB are an error and no file', () => {
  const folder = folderWith({});
  const huge = { shape: [6e8], values: { length: 6e8 } as Float32Array };
  Object.setPrototypeOf(huge.values, Float32Array.prototype);
  assert.throws(() => writeFrozenModel(folder, { huge }, { inputs: {}, outputs: () => ({}) }), {
    name: 'UserError',
    message: /at most 2 GB of weights, these are 2\.4 GB$/,
  });
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('a graph that the disk does not take is one clear line, and what stands beside a graph is written before it', () => {
  const folder = folderWith({});
  const script = `
    const { writeFrozenModel } = require(${JSON.stringify(path.resolve('lib/engine/program/frozen.ts'))});
    const w = { shape: [100000], values: new Float32Array(100000) };
    const signature = { inputs: {}, outputs: ({ w }) => ({ double: w.add(w) }) };
    try {
      writeFrozenModel(${JSON.stringify(folder)}, { w }, signature, { ids: {} });
    } catch ({ name, message }) {
      console.log(name + ': ' + message);
    }`;
  const command = 'ulimit -f 200; exec "$0" --import tsx --eval "$1"';
  const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  const file = path.join(folder, 'saved_model.pb');
  const reason = 'the disk takes no file of this size; what was finished before is kept';
  assert.equal(stdout, `UserError: ${file} could not be written: ${reason}\n`);
  assert.deepEqual(fs.readdirSync(folder, { recursive: true }), [
    'assets.extra',
    path.join('assets.extra', 'ids.json'),
  ]);
});

test('a whole user model as safetensors is read back bit for bit', () => {
  const { trunk, patch, model } = tinyFiles('causal');
  const folder = folderWith({});
  saveUserModel(folder, loadUserModel(trunk, patch));
  assert.deepEqual(fs.readdirSync(folder).sort(), ['model.items.json', 'model.json', 'model.safetensors']);
  const file = path.join(folder, 'model.safetensors');
  assert.deepEqual(loadWeights(file, tinyFiles('causal').model), model);
  const card = JSON.parse(fs.readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const said = { ...PROVENANCE, task: 'Taste', trunk: 'causal', items: FILMS.length };
  assert.deepEqual({ ...card, ...said }, card);
});
