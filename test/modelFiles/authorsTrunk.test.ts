import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { readAuthorsTrunk } from '../../lib/modelFiles/authorsTrunk';
import { readIndex } from '../../lib/modelFiles/checkpointIndex';
import type { Weight } from '../../lib/tensorflow/weights';
import { authorsVariables, madeUpShape, madeUpTrunk, saveCheckpoint } from '../exchange/authorsFiles';

test("a trunk under the authors' names is read bit for bit, its dilations and sizes from names and shapes", () => {
  const trunk = madeUpTrunk();
  const prefix = saveCheckpoint(authorsVariables(trunk));
  assert.deepEqual(readAuthorsTrunk(prefix, 'causal'), { weights: trunk, shape: madeUpShape });
});

test('the index lists every variable with its shape, over as many blocks as it has', () => {
  const many = Array.from({ length: 400 }, (_, i): [string, Weight] => [
    `scope/variable_number_${i}`,
    { shape: [i + 1], values: new Float32Array(i + 1) },
  ]);
  const index = readIndex(`${saveCheckpoint(new Map(many))}.index`);
  assert.equal(index.size, 400);
  for (const [name, { shape }] of many) assert.deepEqual(index.get(name), { dtype: 1, shape });
});

const SCOPE = 'nextitnet_residual_blockdecoder_layer_1_4';
const one: Weight = { shape: [1], values: Float32Array.of(1) };
const MISTAKES: readonly (readonly [string, (variables: Map<string, Weight>) => void, RegExp])[] = [
  [
    'misses a variable',
    (variables) => variables.delete(`${SCOPE}/layer_norm2/gamma`),
    /model\.ckpt: the variable nextitnet_residual_blockdecoder_layer_1_4\/layer_norm2\/gamma is missing$/,
  ],
  [
    'misses the embedding table',
    (variables) => variables.delete('allitem_embeddings'),
    /model\.ckpt: the variable allitem_embeddings is missing$/,
  ],
  [
    'misses a block',
    (variables) => {
      for (const name of [...variables.keys()]) if (name.startsWith(SCOPE)) variables.delete(name);
    },
    /model\.ckpt: expected variables of a block …layer_1_DILATION\/$/,
  ],
  [
    'has a variable that no trunk has',
    (variables) => variables.set(`${SCOPE}/mp/down`, one),
    /model\.ckpt: the variable nextitnet_residual_blockdecoder_layer_1_4\/mp\/down is none of a trunk/,
  ],
  [
    'has a variable of another shape',
    (variables) => variables.set(`${SCOPE}/dilated_conv1/bias`, one),
    /model\.ckpt: \S+_1_4\/dilated_conv1\/bias has shape \[1\], expected \[8\] in float32$/,
  ],
];

for (const [what, change, message] of MISTAKES) {
  test(`a checkpoint that ${what} is an error that names the variable`, () => {
    const variables = authorsVariables(madeUpTrunk());
    change(variables);
    const prefix = saveCheckpoint(variables);
    assert.throws(() => readAuthorsTrunk(prefix, 'causal'), { name: 'UserError', message });
  });
}

test('a file that is no index is an error that names it', () => {
  const prefix = saveCheckpoint(authorsVariables(madeUpTrunk()));
  for (const content of ['', 'no index at all, but as long as the footer of one would be, and longer']) {
    fs.writeFileSync(`${prefix}.index`, content);
    assert.throws(() => readAuthorsTrunk(prefix, 'causal'), {
      name: 'UserError',
      message: `${prefix}.index: expected the index of a TensorFlow checkpoint`,
    });
  }
});

test('data that is cut off is an error that names the checkpoint', () => {
  const prefix = saveCheckpoint(authorsVariables(madeUpTrunk()));
  fs.truncateSync(`${prefix}.data-00000-of-00001`, 100);
  assert.throws(() => readAuthorsTrunk(prefix, 'causal'), {
    name: 'UserError',
    message: /model\.ckpt: expected the data of a TensorFlow checkpoint \(/,
  });
});
