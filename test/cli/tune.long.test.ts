import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeWorld } from '../../lib/datasets/synthetic/syntheticFiles';
import { folderWith } from '../datasets/folders';
import { zipped } from '../datasets/reading/zipped';

test('a place where what is chosen cannot be kept is told before anything is trained', () => {
  const [world, out] = [folderWith({}), folderWith({})];
  writeWorld({ kind: 'structured', users: 60, items: 100, length: 8, seed: 1 }, world);
  const files = fs.readdirSync(world).map((name) => [name, fs.readFileSync(path.join(world, name))]);
  const name = `${'x'.repeat(246)}.zip`; // what is kept beside it has a longer name than a disk takes
  const data = path.join(folderWith({ [name]: zipped('world', Object.fromEntries(files)) }), name);
  const options = { data, trials: 1, seeds: 1, device: 'auto', out };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'lib/cli/programs/tune.ts', JSON.stringify(options)],
    { encoding: 'utf8', env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' } },
  );
  const said = `${data}.tuned.json could not be written: its name is too long; what was finished before is kept\n`;
  assert.ok(stderr.endsWith(said), stderr);
  assert.deepEqual([status, stdout], [1, '']);
  assert.deepEqual(fs.readdirSync(out), []);
});
