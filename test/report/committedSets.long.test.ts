import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { main } from '../cli/command';
import { assertOthersAgree } from './others';

const reference = inProject('figures/reference');
const sets = ['.', ...fs.readdirSync(reference)].filter((name) =>
  fs.existsSync(path.join(reference, name, 'set.json')),
);

test('there are committed sets', () => assert.notEqual(sets.length, 0));

for (const name of sets)
  test(`all numbers of figures/reference/${name} follow from its rows, here and by other programs`, async () => {
    const set = path.join(reference, name);
    const { status, stdout, stderr } = main('verify', set);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /\n[\d,]+ equal, 0 different\n$/);
    await assertOthersAgree(set);
  });
