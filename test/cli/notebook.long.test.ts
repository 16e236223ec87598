import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { python } from '../../lib/setup/tools/project';
import { folderWith } from '../datasets/folders';
import { codeCell, executedCells, job, notebookOf, PARAMETERS, SCRIPT, textOf } from './kernelRun';

test('links of a text lead where they led, from where the executed notebook lies', () => {
  const text = (file: string) =>
    `[b](${file}), [a place](${file}#x), [web](https://a.org/b.md), [itself](a.ipynb), [here](#x), [gone](gone.md)`;
  const cells = [
    { cell_type: 'markdown', id: 'text', metadata: {}, source: text('b.md') },
    { ...codeCell(PARAMETERS, 0), metadata: { tags: ['parameters'] } },
  ];
  const folder = folderWith({
    'a.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    'b.md': '',
  });
  const files = { notebook: path.join(folder, 'a.ipynb'), output: path.join(folder, 'out/of/a.ipynb') };
  assert.equal(spawnSync(python, job(files, {})).status, 0);
  assert.equal(executedCells(files.output)[0].source.join(''), text('../../b.md'));
});

test('a cell that says much at once is heard in full', () => {
  const files = notebookOf(
    PARAMETERS,
    'for (let i = 0; i < 15000; i++) console.log(i);',
    "console.log('end');",
  );
  assert.equal(spawnSync(python, job(files, {}), { timeout: 600_000 }).status, 0);
  const [, , numbers, end] = executedCells(files.output).map(textOf);
  const lines = numbers.split('\n');
  assert.equal(lines.length, 15001);
  assert.equal(
    lines.findIndex((line, i) => line !== (i < 15000 ? String(i) : '')),
    -1,
  );
  assert.equal(end, 'end\n');
});

test('whoever runs a notebook by Jupyter’s own means is told what each cell failed of', () => {
  const wrong = "const a: string = 1;\nconst b: number = 'x';";
  const { notebook } = notebookOf(
    PARAMETERS,
    wrong,
    "void Promise.reject(new Error('lost'));",
    "throw 'text';",
  );
  const script = `
import json, sys, time, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, kernel_name='tslab', startup_timeout=600, iopub_timeout=600)
told = []
with client.setup_kernel():
    for i, cell in enumerate(notebook.cells):
        try:
            client.execute_cell(cell, i)
        except CellExecutionError as error:
            told.append([error.ename, error.evalue, error.traceback, [o.output_type for o in cell.outputs]])
            time.sleep(0.5)  # what is asked for just after a failure is left out
print(json.dumps(told))`;
  const { stdout, stderr } = spawnSync(python, ['-c', script, notebook], {
    encoding: 'utf8',
    env: jupyterEnvironment(),
  });
  assert.notEqual(stdout, '', stderr);
  const [types, lost, thrown] = JSON.parse(stdout);
  assert.match(types[2], /Cell \[2\], line 1, column 7: .*\nCell \[2\], line 2, column 7: /);
  assert.deepEqual(lost.slice(0, 2), ['Error', 'lost']);
  assert.match(lost[2], /^A promise without await was rejected\. Error: lost$/m);
  assert.deepEqual(thrown.slice(0, 2), ['Error', 'text']);
  for (const [, , , outputs] of [types, lost, thrown]) assert.deepEqual(outputs, ['error']);
});

test('each notebook has a kernel of its own, and a failure costs the others nothing', () => {
  const pid = 'console.log(process.pid)';
  const first = notebookOf(PARAMETERS, pid, 'const own = 1;');
  const curious = notebookOf(PARAMETERS, pid, 'console.log(own)');
  const last = notebookOf(PARAMETERS, pid, "throw new Error('last')");
  const notebooks = [first, curious, last].map(({ notebook, output }) => [notebook, output]);
  const { status, stderr, output } = spawnSync(
    python,
    [SCRIPT, JSON.stringify({ notebooks, parameters: {}, tell: 3 })],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^a\.ipynb, cell 4\/4 \(.*\): Cell \[4\], line 1, column 13: Cannot find name 'own'\.\n/,
  );
  assert.match(stderr, /cell 4\/4 \(throw new Error\('last'\)\): Error: last\n$/);
  assert.equal(output[3], `${first.notebook}\n`);
  const pids = [first, curious, last].map((files) => textOf(executedCells(files.output)[2]));
  assert.equal(new Set(pids).size, 3);
});

test('a kernel that dies is reported with its cell', () => {
  const files = notebookOf(PARAMETERS, "process.kill(process.pid, 'SIGKILL')");
  const { status, stderr } = spawnSync(python, job(files, {}), { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^a\.ipynb, cell 3\/3 \(.*\): the kernel died; .*\n$/);
});

test('a kernel that does not start is reported with its last words', () => {
  const { status, stderr } = spawnSync(python, job(notebookOf(PARAMETERS), {}), {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--require ./not-there.js' },
  });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^a\.ipynb, the kernel did not start, or has died\. Error: Cannot find module '\.\/not-there\.js'\n$/,
  );
});

/** As `runNotebooks.py`, but at its first start the kernel is given a port that somebody listens on. */
const PORT_TAKEN = `
import asyncio, json, os, socket, sys
sys.path.insert(0, os.path.dirname(sys.argv[1]))
import runNotebooks
taken = socket.create_server(('127.0.0.1', 0))
made, make = [], runNotebooks.TerminalClient.create_kernel_manager
def first_taken(self):
    manager = make(self)
    if not made:
        manager.cache_ports, manager.shell_port = False, taken.getsockname()[1]
    made.append(manager)
    return manager
runNotebooks.TerminalClient.create_kernel_manager = first_taken
code = asyncio.run(runNotebooks.main(**json.loads(sys.argv[2])))
print('kernels made:', len(made))
sys.exit(code)`;

test('a kernel whose port another process has taken is started again, by itself', () => {
  const files = notebookOf(PARAMETERS, "console.log('here')");
  const { status, stdout, stderr } = spawnSync(python, ['-c', PORT_TAKEN, ...job(files, {})], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^kernels made: 2$/m);
  assert.equal(textOf(executedCells(files.output)[2]), 'here\n');
});

test('Ctrl-C stops the kernel, saves what ran and exits with 130', async () => {
  const files = notebookOf(
    PARAMETERS,
    'console.log(process.pid)',
    'await new Promise((r) => setTimeout(r, 60000))',
  );
  const child = spawn(python, job(files, {}), { stdio: ['ignore', 'pipe', 'ignore'] });
  let shown = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    shown += chunk;
    if (shown.includes('cell 4/4')) child.kill('SIGINT');
  }
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 130);
  const kernel = Number(textOf(executedCells(files.output)[2]));
  assert.ok(kernel > 0);
  assert.throws(() => process.kill(kernel, 0), { code: 'ESRCH' });
});

const BAD_PARAMETERS: readonly (readonly [object, RegExp])[] = [
  [{ 'a; process.exit()': 1 }, /parameter name/],
  [{ data: { nested: 1 } }, /parameter data: expected text, a number, true, false or null/],
];

for (const [parameters, message] of BAD_PARAMETERS) {
  test(`parameters ${JSON.stringify(parameters)} are refused before a kernel starts`, () => {
    const { status, stderr } = spawnSync(python, job(notebookOf(PARAMETERS), parameters), {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, message);
  });
}
