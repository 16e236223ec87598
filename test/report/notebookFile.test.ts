import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readCells, titleOf } from '../../lib/report/notebookFile';
import { folderWith } from '../data/folders';

const notebook = JSON.stringify({ cells: [{ cell_type: 'markdown', source: ['# One\n', 'two'] }] });
const folder = folderWith({
  'whole.ipynb': notebook,
  'cut.ipynb': notebook.slice(0, -3),
  'other.ipynb': '{}',
});

test('text that is stored by lines is one', () => {
  const [cell] = readCells(path.join(folder, 'whole.ipynb'));
  assert.deepEqual(cell, { cell_type: 'markdown', source: '# One\ntwo' });
  assert.equal(titleOf(cell.source), 'One');
});

test('a file that is no notebook is a mistake that names it', () => {
  for (const name of ['cut.ipynb', 'other.ipynb'])
    assert.throws(() => readCells(path.join(folder, name)), { name: 'UserError', message: RegExp(name) });
});
