/** The rooms of lib: what may use what, how full a room may be, and which of them know nothing of TensorFlow. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { namesBelow } from '../lib/setup/tools/project';

const LIB = path.resolve('lib');

/** From the user to the used: a room's files import from rooms below it, never from one above. */
const FLOORS: readonly (readonly string[])[] = [
  ['cli', 'bench'],
  ['notebook', 'questions'],
  ['report'],
  ['evidence'],
  ['experiments'],
  ['training'],
  ['model'],
  ['engine', 'data'],
  ['metrics', 'setup'],
  ['base'],
];

/** Files side by side in a folder. */
const ROOM_FOR = 15;

const files = namesBelow(LIB).filter((name) => fs.statSync(path.join(LIB, name)).isFile());
const code = files.filter((name) => /\.(ts|js)$/.test(name));
const there = new Set(code);

const roomOf = (file: string) => (file.includes('/') ? file.split('/')[0] : '.');
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

/** The files of lib that a file imports, whether a value or a type. */
function importsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(LIB, file), 'utf8');
  const requests = text.matchAll(/(?:from|require\(|import\()\s*'(\.[^']+)'/g);
  return [...requests].flatMap(([, request]) => {
    const bare = path.join(path.dirname(file), request);
    return [bare, `${bare}.ts`, `${bare}.js`].filter((name) => there.has(name));
  });
}

const arrows = code.flatMap((from) => importsOf(from).map((to) => ({ from, to })));

/** Requires that nothing breaks a rule, and names what does. */
const none = <T>(found: readonly T[]) => assert.deepEqual(found, []);

test('lib has at most 14 rooms, and nothing beside them', () => {
  assert.ok(code.length > 200 && arrows.length > 900);
  none(code.filter((file) => floorOf(file) < 0));
});

test('a room uses rooms below it only', () => {
  const isUp = (from: string, to: string) =>
    from !== to && floorOf(`${from}/`) >= floorOf(`${to}/`) && !BESIDE.has(`${from} ${to}`);
  none(arrows.filter(({ from, to }) => isUp(roomOf(from), roomOf(to))));
});

/** Neighbours on one floor of which one uses the other. */
const BESIDE = new Set(['cli bench']);

test('folders do not use each other in a circle', () => {
  const uses = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    const [user, used] = [path.dirname(from), path.dirname(to)];
    if (user !== used) uses.set(user, (uses.get(user) ?? new Set()).add(used));
  }
  const walk = (folder: string, way: readonly string[]): void => {
    assert.ok(!way.includes(folder), [...way, folder].join(' -> '));
    if (safe.has(folder)) return;
    for (const used of uses.get(folder) ?? []) walk(used, [...way, folder]);
    safe.add(folder);
  };
  const safe = new Set<string>();
  for (const folder of uses.keys()) walk(folder, []);
});

test('no folder has more files side by side than a reader takes in', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  none([...counts].filter(([, count]) => count > ROOM_FOR));
});

test('the kernel of the notebooks is known where it is started and where it is spoken to', () => {
  const knowing = code.filter((file) =>
    /require\('tslab|from 'tslab/.test(fs.readFileSync(path.join(LIB, file), 'utf8')),
  );
  assert.deepEqual(knowing, [
    'notebook/kernel/kernel.ts',
    'notebook/tslab/errors.js',
    'notebook/tslab/kernel.js',
    'notebook/tslab/library.js',
    'notebook/tslab/messages.js',
  ]);
});

/** Rooms and folders that load TensorFlow only when an op is called. */
const WITHOUT = ['experiments', 'evidence', 'metrics', 'data', 'base', 'training', 'model', 'engine'];
/** Programs: to import them is to run them. */
const ENTRIES = ['data/reading/child.ts'];

test(`to import ${WITHOUT.join(', ')} loads no TensorFlow`, () => {
  const modules = code.filter(
    (file) => WITHOUT.some((room) => file.startsWith(`${room}/`)) && !ENTRIES.includes(file),
  );
  const script = `
    for (const file of ${JSON.stringify(modules.map((file) => path.join(LIB, file)))}) require(file);
    console.log(JSON.stringify(Object.keys(require.cache)));`;
  const args = ['--import', 'tsx', '--eval', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const loaded: string[] = JSON.parse(stdout);
  assert.ok(loaded.length >= modules.length);
  none(loaded.filter((file) => file.includes('@tensorflow')));
});
