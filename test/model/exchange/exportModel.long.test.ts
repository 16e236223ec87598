/** Exported models, checked and run by ONNX's own tools. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import { writeOnnx } from '../../../lib/engine/onnx/write';
import { mapLeaves, type Tree, upload, type Weight } from '../../../lib/engine/weights';
import { exportTrunk, exportUserModels, saveUserModel } from '../../../lib/model/exchange/exportModel';
import { readAuthorsTrunk } from '../../../lib/model/files/authorsTrunk';
import { type LoadedUserModel, loadUserModel } from '../../../lib/model/files/patchFile';
import { loadWeights } from '../../../lib/model/files/safetensors';
import { type HeadWeights, scores } from '../../../lib/model/heads';
import { freshItemPatch } from '../../../lib/model/patches/itemPatch';
import { type AnyInsertion, examples, freshPatches } from '../../../lib/model/patches/patches';
import { trunkNames } from '../../../lib/model/trunks/names';
import { architectureOf, encode } from '../../../lib/model/trunks/trunk';
import { type Representation, userIds, userVector, wholeUserVector } from '../../../lib/model/userModel';
import { onnx } from '../../../lib/setup/parts/ownEnvironment';
import { folderWith } from '../../data/folders';
import { assertClose } from '../../engine/bothWays';
import { insertionAt, LENGTH, type Model, shapeOf, tinyModel } from '../tinyModel';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from './authorsFiles';
import { CLASSES, FILMS, PROVENANCE, tinyFiles } from './tinyFiles';

before(() => onnx.setUp((line) => console.log(line)));

/** A file, rows of ids of one length, and what its outputs have to be. */
type Asked = {
  readonly what: string;
  readonly file: string;
  readonly ids: readonly (readonly number[])[];
  readonly outputs: Readonly<Record<string, readonly number[]>>;
};

const RUN = `
import json, sys
import numpy, onnx, onnxruntime
quiet = onnxruntime.SessionOptions()
found = []
for file, ids in json.load(sys.stdin):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(file, quiet)
    names = [output.name for output in session.get_outputs()]
    values = session.run(names, {"ids": numpy.array(ids, dtype=numpy.int64)})
    about = session.get_modelmeta().custom_metadata_map
    found.append({"outputs": {name: value.ravel().tolist() for name, value in zip(names, values)}, "about": about})
print(json.dumps(found))
`;

type Found = { readonly outputs: Record<string, number[]>; readonly about: Record<string, string> };

/** Checks files and runs them, all in one process of Python. */
function ranBy(asked: readonly Asked[]): Found[] {
  const input = JSON.stringify(asked.map(({ file, ids }) => [file, ids]));
  const { status, stdout, stderr } = spawnSync(onnx.python, ['-c', RUN], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

function requireEqual(asked: readonly Asked[]): Found[] {
  const found = ranBy(asked);
  for (const [i, { what, outputs }] of asked.entries()) {
    assert.deepEqual(Object.keys(found[i].outputs), Object.keys(outputs), what);
    for (const [name, expected] of Object.entries(outputs)) {
      const scale = Math.max(1, ...expected.map(Math.abs));
      assertClose(found[i].outputs[name], expected, 1e-5 * scale, `${what}: ${name}`);
    }
  }
  return found;
}

const values = (tensor: Tensor) => [...tensor.dataSync()];
const rowsOf = (flat: Int32Array, rows: number) =>
  Array.from({ length: rows }, (_, i) => [
    ...flat.slice((i * flat.length) / rows, ((i + 1) * flat.length) / rows),
  ]);

/** Weights as tuning may leave them: none is zero. */
const moved = (model: Model): Model =>
  mapLeaves<Weight, Weight>(model as unknown as Tree<Weight>, ({ shape, values: own }) => ({
    shape,
    values: own.map((value, i) => value + 0.2 * Math.sin(i + 1)),
  })) as unknown as Model;

const sequences = [[1, 2, 3], [6], [2, 2, 5, 4, 3]].map((row) => Int32Array.from(row));

const forms: readonly (AnyInsertion | undefined)[] = [
  undefined,
  { ...insertionAt('parallel'), activation: 'gelu' },
  insertionAt('parallel after activation', 1),
  insertionAt('serial after norm'),
  insertionAt('parallel after norm'),
  ...examples,
];

test('every trunk with every form of patches, at a length that none was recorded at', () => {
  const folder = folderWith({});
  const asked: Asked[] = [];
  for (const trunk of trunkNames)
    for (const padding of architectureOf({ trunk }).embedsPadding
      ? (['masked', 'embedded'] as const)
      : (['masked'] as const))
      for (const insertion of forms)
        for (const representation of ['token', 'mean'] satisfies Representation[]) {
          const isAfterNorm = /after norm/.test(
            String((insertion as { place?: unknown } | undefined)?.place),
          );
          if (isAfterNorm && architectureOf({ trunk }).norms !== 'after products') continue;
          const shape = { ...shapeOf(trunk), padding };
          const fresh = tinyModel(trunk, insertion);
          const others = insertion?.form === 'fusion' && {
            others: [1, 2].map((i) => freshPatches({ trunk: fresh.trunk, shape }, insertion.base, random(i))),
          };
          const [items, past] = [3, 4].map((i) => freshItemPatch(shape, 2, random(i)));
          const weights = moved({ ...fresh, ...others, items, past });
          const model = { shape, insertion, representation };
          const file = path.join(folder, `${asked.length}.onnx`);
          const given = (user: Tensor, head: HeadWeights<Tensor>) => ({ user, scores: scores(user, head) });
          writeOnnx(
            file,
            weights,
            (parts, { ids }) => given(wholeUserVector(parts, model, ids), parts.head),
            {},
          );
          const flat = userIds(sequences, model, LENGTH + 2);
          const tensor = tf.tensor2d(flat, [3, flat.length / 3], 'int32');
          const parts = upload(weights);
          const expected = Object.entries(given(userVector(parts, model, tensor), parts.head));
          asked.push({
            what: JSON.stringify(model),
            file,
            ids: rowsOf(flat, 3),
            outputs: Object.fromEntries(expected.map(([name, of]) => [name, values(of)])),
          });
        }
  assert.ok(asked.length > 100);
  requireEqual(asked);
});

/** What an exported user model has to give for the rows, by the functions of the model. */
function outputsOf({ weights, trunk: { shape }, insertion, card }: LoadedUserModel, ids: Tensor) {
  const uploaded = upload(weights);
  const user = userVector(uploaded, { shape, insertion, representation: card.representation }, ids);
  const o = scores(user, uploaded.head);
  return Object.entries({ user, scores: o, probabilities: tf.softmax(o) });
}

for (const direction of ['causal', 'non-causal'] as const)
  test(`${direction}: one file has a head a task, with the vocabulary, the cards and what ids mean beside them`, () => {
    const { trunk, patch } = tinyFiles(direction);
    const one = loadUserModel(trunk, patch);
    const other = { ...one, card: { ...one.card, task: 'Other' } };
    const folder = folderWith({});
    const [alone, together] = ['alone', 'together'].map((name) => path.join(folder, `${name}.onnx`));
    exportUserModels(alone, [one]);
    exportUserModels(together, [one, other]);
    const flat = userIds(sequences, { shape: one.trunk.shape }, LENGTH);
    const expected = outputsOf(one, tf.tensor2d(flat, [3, flat.length / 3], 'int32'));
    const outputs = (prefixes: readonly string[]) =>
      Object.fromEntries(
        prefixes.flatMap((prefix) => expected.map(([name, tensor]) => [`${prefix}${name}`, values(tensor)])),
      );
    const ids = rowsOf(flat, 3);
    const [{ about }, { about: ofBoth }] = requireEqual([
      { what: 'alone', file: alone, ids, outputs: outputs(['']) },
      {
        what: 'together',
        file: together,
        ids,
        outputs: outputs(['Taste/', 'Other/']),
      },
    ]);
    assert.deepEqual(JSON.parse(about.items), FILMS);
    const card = JSON.parse(about.card);
    assert.deepEqual({ ...card, ...PROVENANCE, labels: CLASSES }, card);
    assert.deepEqual(JSON.parse(ofBoth.cards).length, 2);
    assert.match(
      JSON.parse(about.ids).layout,
      /the latest items, oldest first, \[TCL\]; padding changes no number$/,
    );
    const sizes = [alone, together].map((file) => fs.statSync(file).size);
    assert.ok(sizes[1] < 2 * sizes[0]); // the trunk is held once
    assert.throws(
      () => exportUserModels(together, [one, one]),
      /expected patch sets of different tasks, found Taste twice/,
    );
    const alike = { ...other, card: { ...other.card, representation: 'mean' as const } };
    assert.throws(
      () => exportUserModels(together, [one, alike]),
      /tasks that read a sequence alike, Taste and Other do not/,
    );
  });

test('an imported trunk gives its states', () => {
  const trunk = readAuthorsTrunk(saveCheckpoint(authorsVariables(madeUpTrunk())), 'causal');
  const file = path.join(folderWith({}), 'trunk.onnx');
  exportTrunk(file, { ...trunk, name: 'made-up', source: undefined });
  const ids = [
    [1, 2, 3, 0],
    [4, 5, 6, 7],
  ];
  const hidden = encode(upload(trunk.weights), trunk.shape, tf.tensor2d(ids, [2, 4], 'int32'));
  const [{ about }] = requireEqual([{ what: 'imported', file, ids, outputs: { hidden: values(hidden) } }]);
  assert.deepEqual(JSON.parse(about.ids).example, { items: [1, 2, 3], ids: [0, 0, 1, 2, 3] });
});

test('weights beyond 2 GB are one line and no file', () => {
  const folder = folderWith({});
  const huge = { shape: [6e8], values: { length: 6e8 } as Float32Array };
  Object.setPrototypeOf(huge.values, Float32Array.prototype);
  assert.throws(() => writeOnnx(path.join(folder, 'model.onnx'), { huge }, () => ({}), {}), {
    name: 'UserError',
    message: /at most 2 GB of weights, these are 2\.4 GB$/,
  });
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('a whole user model as safetensors is read back bit for bit', () => {
  const { trunk, patch, model } = tinyFiles('causal');
  const folder = folderWith({});
  const file = path.join(folder, 'model.safetensors');
  saveUserModel(file, loadUserModel(trunk, patch));
  assert.deepEqual(fs.readdirSync(folder).sort(), ['model.items.json', 'model.json', 'model.safetensors']);
  assert.deepEqual(loadWeights(file, tinyFiles('causal').model), model);
  const card = JSON.parse(fs.readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const said = { ...PROVENANCE, task: 'Taste', trunk: 'causal', items: FILMS.length };
  assert.deepEqual({ ...card, ...said }, card);
});
