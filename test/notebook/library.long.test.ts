/** Cells and the library that they import, in a project of two modules: checked, run, and read again where it was changed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { folderWith } from '../datasets/folders';

/** A cell, or a module of lib with what it holds from then on. */
type Act = string | readonly [module: string, text: string];

const BASE = 'export const base: number = 1;\nexport const grown = () => base + 1;\n';
const USER =
  "import { base } from './deep/base';\nexport const twice = () => 2 * base;\nexport const kept = { at: 0 };\n";

/** A project with the launch of the kernel as it is, and a library of its own. */
function project(): string {
  const root = fs.realpathSync(folderWith({}));
  fs.mkdirSync(path.join(root, 'lib/deep'), { recursive: true });
  fs.writeFileSync(path.join(root, 'lib/user.ts'), USER);
  fs.writeFileSync(path.join(root, 'lib/deep/base.ts'), BASE);
  for (const name of ['lib/setup/kernel', 'lib/setup/tools/project.js', 'tsconfig.json'])
    fs.cpSync(inProject(name), path.join(root, name), { recursive: true });
  fs.symlinkSync(inProject('node_modules'), path.join(root, 'node_modules'));
  return root;
}

/** Does one act after another as a kernel would, and returns what each cell wrote. */
function acted(acts: readonly Act[], root = project()): string[][] {
  const script = `
    const [root, acts] = JSON.parse(process.argv[1]);
    process.chdir(root);
    require(root + '/lib/setup/kernel/compiler').offerCompiler();
    require(root + '/lib/setup/kernel/library').offerLibrary();
    const node = require('tslab/dist/converter.js').createConverter({});
    const { execute } = require('tslab/dist/executor.js').createExecutor(root, { node }, console);
    const written = [];
    let time = Date.now() / 1000;
    (async () => {
      for (const act of acts) {
        if (Array.isArray(act)) {
          const file = root + '/lib/' + act[0];
          require('fs').writeFileSync(file, act[1]);
          require('fs').utimesSync(file, ++time, time);
          continue;
        }
        const said = [];
        for (const name of ['log', 'error']) console[name] = (...args) => void said.push(require('util').format(...args));
        await execute(act);
        written.push(said);
      }
      process.stdout.write(JSON.stringify(written), () => process.exit());
    })();`;
  const child = spawnSync(process.execPath, ['-e', script, JSON.stringify([root, acts])], {
    cwd: inProject(),
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}

const IMPORT = "import { twice, kept } from './lib/user';\nimport { grown } from './lib/deep/base';";
const SHOW = 'console.log(twice(), grown());';
const CHANGED = BASE.replace('= 1', '= 5');

test('a module behind another that was changed takes effect in a cell that was imported before', () => {
  const [, before, after] = acted([IMPORT, SHOW, ['deep/base.ts', CHANGED], SHOW]);
  assert.deepEqual(before, ['2 2']);
  assert.match(after[0], /^lib\/deep\/base\.ts read again\. New: twice, kept, grown\. /);
  assert.deepEqual(after.slice(1), ['10 6']);
});

test('what does not depend on a change stays as it is', () => {
  const [, , after] = acted([
    IMPORT,
    'kept.at = 7;',
    ['deep/other.ts', 'export const other = 3;'],
    "import { other } from './lib/deep/other'; console.log(other, kept.at);",
  ]);
  assert.deepEqual(after, ['3 7']);
});

test('a cell is checked against the library, as it is and as it becomes', () => {
  const cell = "import { base } from './lib/deep/base'; console.log(base.toFixed(1));";
  const asText = BASE.replace(': number = 1', ": string = 'x'");
  const [right, wrong] = acted([cell, ['deep/base.ts', asText], cell]);
  assert.deepEqual(right, ['1.0']);
  assert.match(wrong.at(-1) ?? '', /^1:\d+ - Property 'toFixed' does not exist on type 'string'/);
});

test('a mistake in a module is told by its place, a mended one takes effect', () => {
  const mistake = BASE.replace('= 1', "= 'x'");
  const [, told, mended] = acted([
    IMPORT,
    ['deep/base.ts', mistake],
    IMPORT,
    ['deep/base.ts', CHANGED],
    SHOW,
  ]);
  assert.match(
    told.at(-1) ?? '',
    /lib\/deep\/base\.ts 1:14 - Type 'string' is not assignable to type 'number'/,
  );
  assert.deepEqual(mended.at(-1), '10 6');
});

test('a mistake that takes several sentences is told by its place, too', () => {
  const mistake =
    "const kept: { a: { b: number } } = { a: { b: 'x' as string | number } };\nexport { kept };\n";
  const [told] = acted([
    ['deep/base.ts', `\n${mistake}`],
    "import { kept } from './lib/deep/base'; console.log(kept);",
  ]);
  assert.match(told.at(-1) ?? '', /^lib\/deep\/base\.ts 2:\d+ - Type 'string \| number' is not assignable/);
  assert.equal(told.filter((line) => line.includes(' - ')).length, 1);
});

test('a module that is made after a cell has asked for it is found by the same cell', () => {
  const cell = "import { late } from './lib/late'; console.log(late);";
  const [missing, there] = acted([cell, ['late.ts', 'export const late = 3;'], cell]);
  assert.match(missing.at(-1) ?? '', /Cannot find module '\.\/lib\/late'/);
  assert.deepEqual(there, ['3']);
});

test('a module that cannot be run leaves variables as they were until it can', () => {
  const [, broken, mended] = acted([
    IMPORT,
    ['deep/base.ts', 'export const = ;'],
    SHOW,
    ['deep/base.ts', CHANGED],
    SHOW,
  ]);
  assert.match(
    broken[0],
    /^lib\/deep\/base\.ts read again\. It cannot be run: lib\/deep\/base\.ts:1:14 - Expected identifier but found "="\. What/,
  );
  assert.equal(broken.at(-1), '2 2');
  assert.equal(mended.at(-1), '10 6');
});

test('what depends on a change is checked by what it is now', () => {
  const maker = (made: string) => `export const make = () => (${made});\n`;
  const user = "import { make } from './deep/base';\nexport const made = make();\n";
  const [, after] = acted([
    ['deep/base.ts', maker('{ a: 1 }')],
    ['user.ts', user],
    "import { made } from './lib/user'; console.log(made.a);",
    ['deep/base.ts', maker('{ a: 1, b: 2 }')],
    "import { made } from './lib/user'; console.log(made.b);",
  ]);
  assert.equal(after.at(-1), '2');
});

test('a link to nothing and a hidden file beside the modules disturb no cell', () => {
  const root = project();
  fs.symlinkSync('nobody@nowhere', path.join(root, 'lib/.#user.ts'));
  fs.symlinkSync('nowhere.ts', path.join(root, 'lib/gone.ts'));
  assert.deepEqual(acted([IMPORT, SHOW], root)[1], ['2 2']);
});

test('a change since the last kernel is in the declarations of the next', () => {
  const root = project();
  acted([IMPORT], root);
  fs.appendFileSync(path.join(root, 'lib/user.ts'), 'export const later: string = "a";\n');
  const [found] = acted(["import { later } from './lib/user'; console.log(later.length);"], root);
  assert.deepEqual(found, ['1']);
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

test('modules are read again after Stop, which ends what compiles them', () => {
  const other = (n: number) => ['deep/other.ts', `export const other = ${n}; // at ${Date.now()}`] as const;
  const SHOW_OTHER = "import { other } from './lib/deep/other'; console.log(other);";
  const [first, second] = acted([other(3), `${SHOW_OTHER}${STOP}`, other(4), SHOW_OTHER]);
  assert.deepEqual([first, second.at(-1)], [['3', 'true'], '4']);
});
