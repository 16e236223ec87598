import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lastCheckpoint, leaveCheckpoint, removeUnasked } from '../../lib/documents/checkpoint';
import { lock } from '../../lib/documents/lock';
import type { Key } from '../../lib/documents/store';
import { folderWith } from '../datasets/folders';

const keyOf = (hash: string, seed = 1): Key => ({
  ...{ task: 'ColdRec-1', experiment: 'PeterRec-best', hash, seed, declaration: {} },
});
const [asked, gone, locked] = ['0123456789ab', 'ba9876543210', 'cdef01234567'];

function folderOfThree(): string {
  const out = folderWith({});
  const tensor = { name: 'w', shape: [2], values: () => Float32Array.of(1, 2) };
  for (const key of [keyOf(asked), keyOf(gone), keyOf(gone, 2), keyOf(locked)])
    leaveCheckpoint(out, key, '3-1', { values: { step: 3 }, tensors: [tensor] });
  return out;
}

test('checkpoints of declarations that nobody asks for are removed, and their bytes are told', async () => {
  const out = folderOfThree();
  const folder = path.join(out, 'checkpoints');
  const sizes = fs
    .readdirSync(folder)
    .filter((name) => name.includes(gone))
    .map((name) => fs.statSync(path.join(folder, name)).size);
  const found = await removeUnasked(out, (hash) => hash !== gone);
  assert.deepEqual(found, { count: 2, bytes: sizes.reduce((sum, size) => sum + size) });
  assert.equal(lastCheckpoint(out, keyOf(gone)), undefined);
  assert.deepEqual(lastCheckpoint(out, keyOf(asked))?.values, { step: 3 });
  assert.deepEqual(await removeUnasked(out, (hash) => hash !== gone), { count: 0, bytes: 0 });
});

test('what another process trains on from stays', async () => {
  const out = folderOfThree();
  const release = await lock(out, keyOf(locked));
  assert.equal((await removeUnasked(out, () => false)).count, 3);
  assert.deepEqual(lastCheckpoint(out, keyOf(locked))?.values, { step: 3 });
  release?.();
});

test('a folder without checkpoints has none to remove', async () =>
  assert.deepEqual(await removeUnasked(folderWith({}), () => false), { count: 0, bytes: 0 }));
