import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { notebookParts } from '../../lib/site/notebookParts';
import { folderWith } from '../datasets/folders';

const partsOf = (...cells: object[]) =>
  notebookParts(path.join(folderWith({ 'a.ipynb': JSON.stringify({ cells }) }), 'a.ipynb'));

const showing = (data: object) => ({ cell_type: 'code', source: ['a();\n', 'b();'], outputs: [{ data }] });

const FIGURE = {
  'application/vnd.plotly.v1+json': { data: [{ name: '</script>' }], layout: {}, config: {} },
  'image/svg+xml': '<svg/>',
  'text/plain': 'figure4-convergence: PeterRec "against" 1 < 2: over training',
};

test('prose is followed by code in a fence, and by what the code has shown', () => {
  const shown = showing({ 'text/html': '<table>\n\n</table>', 'text/plain': 'a table' });
  assert.deepEqual(partsOf({ cell_type: 'markdown', source: '# Title' }, shown), [
    { kind: 'words', text: '# Title' },
    { kind: 'drawn', text: '`````ts\na();\nb();\n`````' },
    { kind: 'drawn', text: '<div class="output"><table>\n</table></div>' },
  ]);
});

test('a figure is a picture that its caption describes, with what Plotly needs beside it', () => {
  const [, { text }] = partsOf(showing(FIGURE));
  const caption = 'PeterRec &quot;against&quot; 1 &lt; 2: over training';
  const base64 = Buffer.from('<svg/>').toString('base64');
  assert.ok(text.includes(`<img src="data:image/svg+xml;base64,${base64}" alt="${caption}">`), text);
  assert.ok(text.includes(`<figcaption>${caption}</figcaption>`));
  assert.equal(text.match(/<\/script>/g)?.length, 1);
});

test('Markdown stays Markdown, and plain text is shown as it is', () => {
  const shown = [{ 'text/markdown': '**Yes.**', 'text/plain': 'Yes.' }, { 'text/plain': '1 < 2' }];
  const parts = shown.flatMap((data) => partsOf(showing(data)).slice(1));
  assert.deepEqual(parts, [
    { kind: 'words', text: '**Yes.**' },
    { kind: 'drawn', text: '<pre class="output">1 &lt; 2</pre>' },
  ]);
});
