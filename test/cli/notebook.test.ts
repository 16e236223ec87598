import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { python } from '../../lib/setup/tools/project';
import { folderWith } from '../datasets/folders';

const SCRIPT = path.resolve('lib/cli/jupyter/runNotebooks.py');
const PARAMETERS = "const parameters = { data: 'a', seeds: 1 };";

interface Output {
  readonly name?: string;
  readonly text?: string;
}

interface Cell {
  readonly source: readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
  readonly outputs: readonly Output[];
}

const codeCell = (source: string, i: number) => ({
  cell_type: 'code',
  id: `cell-${i}`,
  metadata: {},
  execution_count: null,
  outputs: [],
  source,
});

/** Writes a notebook whose first cell holds the parameters into a folder deep inside the project. */
function notebookOf(...sources: string[]): { notebook: string; output: string } {
  const [first, ...rest] = sources.map(codeCell);
  const cells = [{ ...first, metadata: { tags: ['parameters'] } }, ...rest];
  const folder = folderWith({
    'a.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  });
  return { notebook: path.join(folder, 'a.ipynb'), output: path.join(folder, 'out', 'a.ipynb') };
}

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

function job({ notebook, output }: { notebook: string; output: string }, parameters: object): string[] {
  return [SCRIPT, JSON.stringify({ notebooks: [[notebook, output]], parameters })];
}

function executedCells(file: string): Cell[] {
  return JSON.parse(fs.readFileSync(file, 'utf8')).cells;
}

function textOf({ outputs }: Cell): string {
  return outputs.map(({ text }) => [text].flat().join('')).join('');
}

test('parameters reach the cells after theirs, and a notebook in any folder imports from ./lib', () => {
  const files = notebookOf(
    PARAMETERS,
    "import { UserError } from './lib/userError';",
    "console.log(new UserError([parameters.data, parameters.seeds].join(' ')).message)",
  );
  const { status, stdout } = spawnSync(python, job(files, { data: 'b "quoted" `x`', seeds: 2 }), {
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  assert.match(stdout, /^cell 4\/4 {2}console\.log.*\n {2}b "quoted" `x` 2$/m);
  const cells = executedCells(files.output);
  assert.equal(
    cells[1].source.join(''),
    'void Object.assign(parameters, {"data": "b \\"quoted\\" `x`", "seeds": 2});',
  );
  assert.deepEqual(cells[1].metadata.tags, ['injected-parameters']);
  assert.equal(textOf(cells[3]), 'b "quoted" `x` 2\n');
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

test('the canary: a cell that throws fails the command with one line, and what ran before is saved', () => {
  const files = notebookOf(
    PARAMETERS,
    "console.log('before')",
    "throw new Error('canary')",
    "console.log('after')",
  );
  const { status, stdout, stderr } = spawnSync(python, job(files, {}), { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stderr, "a.ipynb, cell 4/5 (throw new Error('canary')): Error: canary\n");
  assert.doesNotMatch(stdout, /after/);
  const cells = executedCells(files.output);
  assert.equal(textOf(cells[2]), 'before\n');
  const [failed] = cells[3].outputs;
  assert.deepEqual(failed, {
    output_type: 'error',
    ename: 'Error',
    evalue: 'canary',
    traceback: ['Error: canary', "    in cell [4], line 1: throw new Error('canary')"],
  });
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
  assert.match(lost[2], /^A promise that nobody waited for was rejected\. Error: lost$/m);
  assert.deepEqual(thrown.slice(0, 2), ['Error', 'text']);
  for (const [, , , outputs] of [types, lost, thrown]) assert.deepEqual(outputs, ['error']);
});

test('notebooks that share a kernel know nothing of each other, and a failure costs the others nothing', () => {
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
  assert.equal(pids[0], pids[1]);
  assert.notEqual(pids[1], pids[2]);
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
