import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import type { Weight } from '../../../lib/engine/weights';
import { readAuthorsTrunk, readIndex } from '../../../lib/model/files/authorsTrunk';
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
type Variables = Map<string, Weight>;
const withoutBlock = (all: Variables) => {
  for (const name of [...all.keys()]) if (name.startsWith(SCOPE)) all.delete(name);
};
const MISTAKES: readonly (readonly [what: string, change: (all: Variables) => void, found: RegExp])[] = [
  ['no gain', (all) => all.delete(`${SCOPE}/layer_norm2/gamma`), /model\.ckpt: .*norm2\/gamma is missing/],
  ['no embedding table', (all) => all.delete('allitem_embeddings'), /allitem_embeddings is missing/],
  ['no second block', withoutBlock, /model\.ckpt: expected variables of a block …layer_1_DILATION/],
  ['more than a trunk', (all) => all.set(`${SCOPE}/mp/down`, one), /_1_4\/mp\/down is none of a trunk/],
  ['another shape', (all) => all.set(`${SCOPE}/dilated_conv1/bias`, one), /\[1\], expected \[8\]/],
];
for (const [what, change, message] of MISTAKES) {
  test(`a checkpoint with ${what}: the error names the variable`, () => {
    const variables = authorsVariables(madeUpTrunk());
    change(variables);
    const prefix = saveCheckpoint(variables);
    assert.throws(() => readAuthorsTrunk(prefix, 'causal'), { name: 'UserError', message });
  });
}

test('a damaged index and data that is cut off are named', () => {
  const prefix = saveCheckpoint(authorsVariables(madeUpTrunk()));
  const read = () => readAuthorsTrunk(prefix, 'causal');
  fs.truncateSync(`${prefix}.data-00000-of-00001`, 100);
  assert.throws(read, { name: 'UserError', message: /model\.ckpt: expected the data/ });
  for (const content of ['', 'no index at all, but as long as the footer of one would be, and longer']) {
    fs.writeFileSync(`${prefix}.index`, content);
    assert.throws(read, { name: 'UserError', message: /model\.ckpt\.index: expected the index/ });
  }
});
