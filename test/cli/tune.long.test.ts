import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeWorld } from '../../lib/datasets/synthetic/syntheticFiles';
import { folderWith } from '../datasets/folders';
import { zipped } from '../datasets/reading/zipped';
import { runScript } from '../exchange/command';

test('a place where what is chosen cannot be kept is told before anything is trained', () => {
  const [world, out] = [folderWith({}), folderWith({})];
  writeWorld({ kind: 'structured', users: 60, items: 100, length: 8, seed: 1 }, world);
  const files = fs.readdirSync(world).map((name) => [name, fs.readFileSync(path.join(world, name))]);
  const name = `${'x'.repeat(246)}.zip`; // what is kept beside it has a longer name than a disk takes
  const data = path.join(folderWith({ [name]: zipped('world', Object.fromEntries(files)) }), name);
  const { status, stdout, stderr } = runScript('tune', { data, trials: 1, seeds: 1, device: 'auto', out });
  assert.match(stderr, /x\.zip\.tuned\.json could not be written: its name is too long.*\n$/);
  assert.deepEqual([status, stdout], [1, '']);
  assert.deepEqual(fs.readdirSync(out), []);
});
