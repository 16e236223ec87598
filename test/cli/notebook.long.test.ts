import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { python } from '../../lib/setup/tools/project';
import { execute, executedCells, job, notebookOf, textOf } from './kernelRun';

test('links of a text lead where they led, from where the executed notebook lies', () => {
  const text = (file: string) =>
    `[b](${file}), [a place](${file}#x), [web](https://a.org/b.md), [itself](a.ipynb), [here](#x), [gone](gone.md)`;
  const files = notebookOf([], text('b.md'));
  assert.equal(execute(files).status, 0);
  assert.equal(executedCells(files)[0].source, text('../../b.md'));
});

test('a cell that says much at once is heard in full', () => {
  const files = notebookOf(['for (let i = 0; i < 15000; i++) console.log(i);', "console.log('end');"]);
  assert.equal(execute(files).status, 0);
  const [, , numbers, end] = executedCells(files).map(textOf);
  assert.equal(numbers, Array.from({ length: 15000 }, (_, i) => `${i}\n`).join(''));
  assert.equal(end, 'end\n');
});

test('each notebook has a kernel of its own, and each failure is told in its cell', () => {
  const bodies = [
    'const own = 1;',
    "console.log(own);\nconst b: number = 'x';",
    "void Promise.reject(new Error('lost'));",
    "throw 'text';",
  ];
  const all = bodies.map((body) => notebookOf(['console.log(process.pid)', body]));
  const [whole, ...failed] = all.map((files) => execute(files));
  assert.equal(whole.status, 0);
  assert.ok(failed.every(({ status }) => status === 1));
  const completed = all.map(executedCells);
  assert.equal(new Set(completed.map((cells) => textOf(cells[2]))).size, bodies.length);
  const [first, ...failures] = completed.map((cells) => JSON.stringify(cells[3].outputs));
  assert.equal(first, '[]');
  const expected = [
    /Cell \[4\], line 1, column 13: Cannot find name 'own'\..*line 2, column 7: /,
    /A promise without await was rejected\. Error: lost/,
    /"ename":"Error","evalue":"text"/,
  ];
  for (const [i, message] of expected.entries()) assert.match(failures[i], message);
  assert.match(failed[0].stderr, /^a\.ipynb, cell 4\/4 \(.*\): Cell \[4\], line 1, column 13: .* 'own'\.\n/);
});

test('a kernel that dies, or does not start, is reported', () => {
  const dying = execute(notebookOf(["process.kill(process.pid, 'SIGKILL')"]));
  assert.equal(dying.status, 1);
  assert.match(dying.stderr, /^a\.ipynb, cell 3\/3 \(.*\): the kernel died; .*\n$/);
  const unborn = execute(notebookOf([]), {}, { NODE_OPTIONS: '--require ./not-there.js' });
  assert.equal(unborn.status, 1);
  assert.match(unborn.stderr, /^a\.ipynb, the kernel did not start, .* module '\.\/not-there\.js'\n$/);
});

test('Ctrl-C stops the kernel, saves what ran and exits with 130', async () => {
  const files = notebookOf(['console.log(process.pid)', 'await new Promise((r) => setTimeout(r, 60000))']);
  const child = spawn(python, job(files), { stdio: ['ignore', 'pipe', 'ignore'] });
  let shown = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    shown += chunk;
    if (shown.includes('cell 4/4')) child.kill('SIGINT');
  }
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 130);
  const kernel = Number(textOf(executedCells(files)[2]));
  assert.ok(kernel > 0);
  assert.throws(() => process.kill(kernel, 0), { code: 'ESRCH' });
});

test('parameters that would run as code are refused before a kernel starts', () => {
  for (const parameters of [{ 'a; process.exit()': 1 }, { data: { nested: 1 } }]) {
    const { status, stderr } = execute(notebookOf([]), parameters);
    assert.equal(status, 1);
    assert.match(stderr, /^a\.ipynb: parameter (name|data)/);
  }
});
