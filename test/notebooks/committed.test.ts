import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';
import { codeCells, readNotebook } from './notebook';

const committed = fs.readdirSync(inProject('notebooks')).filter((name) => name.endsWith('.ipynb'));

for (const name of committed) {
  const notebook = readNotebook(inProject('notebooks', name));
  const [parameters, ...cells] = codeCells(notebook);
  const code = cells.map(({ source }) => source).join('\n');

  test(`${name} asks for our kernel, opens with its question, takes parameters and is committed without outputs`, () => {
    assert.equal(notebook.metadata.kernelspec.name, 'tslab');
    assert.equal(notebook.cells[0].cell_type, 'markdown');
    assert.match(notebook.cells[0].source, /\?/);
    assert.deepEqual(parameters.metadata.tags, ['parameters']);
    for (const { id, outputs, execution_count } of [parameters, ...cells])
      assert.deepEqual({ id, outputs, execution_count }, { id, outputs: [], execution_count: null });
  });

  test(`${name} has no text of more than 160 words`, () => {
    const texts = notebook.cells.filter(({ cell_type }) => cell_type === 'markdown');
    for (const { source } of texts) assert.ok(source.split(/\s+/).length <= 160, source);
  });

  test(`${name} needs at most two imports from lib beside lib/notebook, and no path of a folder of results`, () => {
    const others = [...code.matchAll(/from '\.\/lib\/(?!notebook\/)[^']+'/g)];
    assert.ok(others.length <= 2, String(others));
    assert.doesNotMatch(code, /\bout\b|onProgress|signal|\.out\b/);
  });
}
