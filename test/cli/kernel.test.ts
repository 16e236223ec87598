import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { python } from '../../lib/setup/tools/project';
import { executedCells, job, notebookOf, PARAMETERS, textOf } from './kernelRun';

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
