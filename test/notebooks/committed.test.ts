import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { codeCells, readNotebook } from './notebook';

const committed = fs.readdirSync(inProject('notebooks')).filter((name) => name.endsWith('.ipynb'));

test('there is a notebook of RQ1', () => {
  assert.ok(committed.includes('rq1.ipynb'));
});

for (const name of committed) {
  const notebook = readNotebook(inProject('notebooks', name));

  test(`${name} is committed without outputs and execution counts`, () => {
    for (const { id, outputs, execution_count } of codeCells(notebook)) {
      assert.deepEqual({ id, outputs, execution_count }, { id, outputs: [], execution_count: null });
    }
  });

  test(`${name} opens with its question, in words`, () => {
    const [first] = notebook.cells;
    assert.equal(first.cell_type, 'markdown');
    assert.match(first.source, /\?/);
  });

  test(`${name} has its parameters in the first code cell, where reproduce overrides them`, () => {
    assert.deepEqual(codeCells(notebook)[0].metadata.tags, ['parameters']);
  });

  test(`${name} asks for the TypeScript kernel by name, so that JupyterLab asks nothing`, () => {
    assert.equal(notebook.metadata.kernelspec.name, 'tslab');
  });
}

/** What a notebook's cells import from lib. */
const importsOf = (name: string) =>
  codeCells(readNotebook(inProject('notebooks', name))).flatMap(({ source }) => [
    ...source.matchAll(/from '\.\/(lib\/[^']+)'/g),
  ]);

for (const name of committed) {
  test(`${name} needs at most two imports from lib beside lib/notebook, and no path of a folder of results`, () => {
    const others = importsOf(name).filter(([, module]) => !module.startsWith('lib/notebook/'));
    assert.ok(others.length <= 2, String(others));
    const cells = codeCells(readNotebook(inProject('notebooks', name))).slice(1);
    assert.doesNotMatch(cells.map(({ source }) => source).join('\n'), /\bout\b|onProgress|signal|\.out\b/);
  });
}
