import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execute, executedCells, notebookOf, textOf } from './kernelRun';

test('parameters reach the cells after theirs, and a notebook in any folder imports from ./lib', () => {
  const files = notebookOf([
    "import { UserError } from './lib/base/userError';",
    "console.log(new UserError([parameters.data, parameters.seeds].join(' ')).message)",
  ]);
  const { status, stdout } = execute(files, { data: 'b "quoted" `x`', seeds: 2 });
  assert.equal(status, 0);
  assert.match(stdout, /^cell 4\/4 {2}console\.log.*\n {2}b "quoted" `x` 2$/m);
  const cells = executedCells(files);
  const override = 'void Object.assign(parameters, {"data": "b \\"quoted\\" `x`", "seeds": 2});';
  assert.equal(cells[1].source, override);
  assert.deepEqual(cells[1].metadata.tags, ['injected-parameters']);
  assert.equal(textOf(cells[3]), 'b "quoted" `x` 2\n');
});

test('the canary: a cell that throws fails the command with one line, and what ran before is saved', () => {
  const files = notebookOf(["console.log('before')", "throw new Error('canary')", "console.log('after')"]);
  const { status, stdout, stderr } = execute(files);
  assert.equal(status, 1);
  assert.equal(stderr, "a.ipynb, cell 4/5 (throw new Error('canary')): Error: canary\n");
  assert.doesNotMatch(stdout, /after/);
  const cells = executedCells(files);
  assert.equal(textOf(cells[2]), 'before\n');
  assert.deepEqual(cells[3].outputs[0], {
    output_type: 'error',
    ename: 'Error',
    evalue: 'canary',
    traceback: ['Error: canary', "    in cell [4], line 1: throw new Error('canary')"],
  });
});
