/** Cells and the library that they import, in a project of two modules: checked, run, and loaded again where it was edited. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { ranIn } from './cells';

const BASE = 'export const base: number = 1;\nexport const grown = () => base + 1;\n';
const USER =
  "import { base } from './deep/base';\nexport const twice = () => 2 * base;\nexport const kept = { at: 0 };\n";

/** A project with the kernel as it is, and a library of its own. */
function project(): string {
  const root = fs.realpathSync(folderWith({}));
  fs.mkdirSync(path.join(root, 'lib/deep'), { recursive: true });
  fs.writeFileSync(path.join(root, 'lib/user.ts'), USER);
  fs.writeFileSync(path.join(root, 'lib/deep/base.ts'), BASE);
  for (const name of ['lib/notebook/tslab', 'lib/setup/tools', 'tsconfig.json'])
    fs.cpSync(inProject(name), path.join(root, name), { recursive: true });
  fs.symlinkSync(inProject('node_modules'), path.join(root, 'node_modules'));
  return root;
}
const acted = (...acts: Parameters<typeof ranIn>[1]) => ranIn(project(), acts);

const IMPORT = "import { twice, kept } from './lib/user';\nimport { grown } from './lib/deep/base';";
const SHOW = 'console.log(twice(), grown());';
const CHANGED = BASE.replace('= 1', '= 5');

test('an edited module is told of, and takes effect where cells import it, or what depends on it, again', () => {
  const [, before, old, , now] = acted(IMPORT, SHOW, ['deep/base.ts', CHANGED], SHOW, IMPORT, SHOW);
  assert.equal(before.wrote, '2 2');
  assert.match(old.wrote, /^lib\/deep\/base\.ts edited: run the cells again [^\n]*\n2 2$/);
  assert.equal(now.wrote, '10 6');
});

test('what does not depend on an edit stays as it is', () => {
  const [, , after] = acted(
    IMPORT,
    'kept.at = 7;',
    ['deep/other.ts', 'export const other = 3;'],
    "import { other } from './lib/deep/other';\nimport { kept as same } from './lib/user';\nconsole.log(other, same.at);",
  );
  assert.equal(after.wrote, '3 7');
});

test('a cell is checked against the library, as it is and as it becomes', () => {
  const cell = "import { base } from './lib/deep/base'; console.log(base.toFixed(1));";
  const asText = BASE.replace(': number = 1', ": string = 'x'");
  const [right, wrong] = acted(cell, ['deep/base.ts', asText], cell);
  assert.equal(right.wrote, '1.0');
  assert.match(wrong.said, /line 1, column \d+: Property 'toFixed' does not exist on type 'string'/);
});

test('a mistake in a module is told by its place, a mended one takes effect', () => {
  const mistake =
    "const kept: { a: { b: number } } = { a: { b: 'x' as string | number } };\nexport { kept };\n";
  const [told, broken, , mended] = acted(
    ['deep/base.ts', `\n${mistake}`],
    "import { kept } from './lib/deep/base'; console.log(kept);",
    ['deep/base.ts', 'export const = ;'],
    IMPORT,
    ['deep/base.ts', CHANGED],
    IMPORT,
    SHOW,
  );
  assert.match(told.said, /^\.\/lib\/deep\/base\.ts:2:\d+: Type 'string \| number' is not assignable/);
  assert.match(broken.said, /lib\/deep\/base\.ts:1:14: /);
  assert.equal(mended.wrote, '10 6');
});

test('a module that is made after a cell has asked for it is found by the same cell', () => {
  const cell = "import { late } from './lib/late'; console.log(late);";
  const [missing, there] = acted(cell, ['late.ts', 'export const late = 3;'], cell);
  assert.match(missing.said, /Cannot find module '\.\/lib\/late'/);
  assert.equal(there.wrote, '3');
});

test('a link to nothing and a hidden file beside the modules disturb no cell', () => {
  const root = project();
  fs.symlinkSync('nobody@nowhere', path.join(root, 'lib/.#user.ts'));
  fs.symlinkSync('nowhere.ts', path.join(root, 'lib/gone.ts'));
  assert.equal(ranIn(root, [IMPORT, SHOW])[1].wrote, '2 2');
});

test('a change since the last kernel is in the declarations of the next', () => {
  const root = project();
  ranIn(root, [IMPORT]);
  fs.appendFileSync(path.join(root, 'lib/user.ts'), 'export const later: string = "a";\n');
  const [found] = ranIn(root, ["import { later } from './lib/user'; console.log(later.length);"]);
  assert.equal(found.wrote, '1');
});

/** Interrupts every process that the kernel has started, as Stop does: Jupyter signals the group of the kernel. */
const STOP = `
const fs = require('node:fs');
const parentOf = (pid: string) => /^\\d+ \\(.*\\) \\S (\\d+)/.exec(fs.readFileSync('/proc/' + pid + '/stat', 'utf8'))?.[1];
const children = fs.readdirSync('/proc').filter((pid: string) => {
  try { return /^\\d+$/.test(pid) && parentOf(pid) === String(process.pid); } catch { return false; }
});
for (const pid of children) process.kill(Number(pid), 'SIGINT');
await new Promise((resolve) => setTimeout(resolve, 300));
console.log(children.length > 0);`;

test('modules are loaded after Stop, which ends what compiles them', () => {
  const other = (n: number) => ['deep/other.ts', `export const other = ${n}; // at ${Date.now()}`] as const;
  const SHOW_OTHER = "import { other } from './lib/deep/other'; console.log(other);";
  const [first, second] = acted(other(3), `${SHOW_OTHER}${STOP}`, other(4), SHOW_OTHER);
  assert.equal(first.wrote, '3\ntrue');
  assert.match(second.wrote, /\n4$/);
});
