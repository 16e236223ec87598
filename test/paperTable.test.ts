import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROWS = fs
  .readFileSync('PAPER.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| concept'));

/** The links of a cell; the text of each is its target. */
function linksOf(cell: string): string[] {
  return [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, target]) => {
    assert.equal(text, target);
    return target;
  });
}

/** Rooms whose files hold the concepts of the paper. */
const ROOMS = ['model', 'model/trunks', 'model/patches', 'model/exchange', 'training/opponents'];
/** Parts of a concept that a neighbour holds. */
const PARTS = /\/(features|rows|lines|trunkFile|names)\.ts$/;
/** Lists whose entries, a file each, stand in the tables of lib/model/README.md. */
const LISTS = ['lib/model/trunks/names.ts', 'lib/model/patches/patches.ts'];
const listed = LISTS.flatMap((list) =>
  [...fs.readFileSync(list, 'utf8').matchAll(/from '\.\/(\w+)'/g)].map(([, name]) =>
    path.join(path.dirname(list), `${name}.ts`),
  ),
);

test('every row of the table of concepts names files and tests that are there', () => {
  assert.ok(ROWS.length > 25);
  for (const row of ROWS) {
    const [concept, files, tests, ...more] = row.slice(2, -2).split(' | ');
    assert.ok(concept && files && tests && more.length === 0, row);
    assert.ok(linksOf(files).length > 0 && linksOf(tests).length > 0, row);
    for (const file of linksOf(files))
      assert.ok(/^(lib|notebooks)\//.test(file) && fs.existsSync(file), file);
    for (const file of linksOf(tests))
      assert.ok(/^test\/.*\.test\.ts$/.test(file) && fs.existsSync(file), file);
  }
});

test('the table leaves out no file of the rooms that hold the method', () => {
  const named = new Set([...ROWS.flatMap(linksOf), ...listed]);
  const there = ROOMS.flatMap((room) => fs.readdirSync(`lib/${room}`).map((name) => `lib/${room}/${name}`));
  assert.deepEqual(
    there.filter((file) => file.endsWith('.ts') && !named.has(file) && !PARTS.test(file)),
    [],
    'expected a row of PAPER.md that names each file',
  );
});
