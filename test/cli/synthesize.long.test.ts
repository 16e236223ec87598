import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../datasets/folders';
import { runScript } from '../exchange/command';

test('synthesize writes a data set that the data command describes', () => {
  const out = path.join(folderWith({}), 'world');
  const world = { world: 'null', users: 40, items: 100, length: 10, seed: 3, out };
  const { stdout } = runScript('data/synthesize', world);
  assert.match(stdout, /: [\d,]+ interactions in [\d.]+ s\n$/);
  assert.equal(fs.readdirSync(out).length, 4);
  const described = JSON.parse(runScript('data/describe', { data: out, json: true }).stdout);
  assert.equal(described.name, 'null-40x100x10-s3');
  assert.equal(described.interactions, Number(/: ([\d,]+) /.exec(stdout)?.[1].replaceAll(',', '')));
});
