import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { notebookParts } from '../../../lib/cli/site/notebookParts';
import { folderWith } from '../../data/folders';

const partsOf = (...cells: object[]) =>
  notebookParts(path.join(folderWith({ 'a.ipynb': JSON.stringify({ cells }) }), 'a.ipynb'));

test('prose is followed by code in a fence, and by the richest form of each output, escaped', () => {
  const shown = [
    { 'text/html': '<table>\n\n</table>', 'text/plain': 'a table' },
    { 'text/markdown': '**Yes.**', 'text/plain': 'Yes.' },
    { 'text/plain': '1 < 2' },
    { 'image/svg+xml': '<svg/>', 'text/plain': 'figure4: PeterRec "against" 1 < 2: over training' },
  ];
  const outputs = shown.map((data) => ({ data }));
  const cells = [
    { cell_type: 'markdown', source: '# Title' },
    { cell_type: 'code', source: ['a();\n', 'b();'], outputs },
  ];
  const caption = 'PeterRec &quot;against&quot; 1 &lt; 2: over training';
  const image = `<img src="data:image/svg+xml;base64,${Buffer.from('<svg/>').toString('base64')}" alt="${caption}">`;
  assert.deepEqual(partsOf(...cells), [
    { kind: 'words', text: '# Title' },
    { kind: 'drawn', text: '`````ts\na();\nb();\n`````' },
    { kind: 'drawn', text: '<div class="output"><table>\n</table></div>' },
    { kind: 'words', text: '**Yes.**' },
    { kind: 'drawn', text: '<pre class="output">1 &lt; 2</pre>' },
    { kind: 'drawn', text: `<figure class="output">${image}<figcaption>${caption}</figcaption></figure>` },
  ]);
});
