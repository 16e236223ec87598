/** Where no browser starts, what a figure draws is left as numbers, and one line says why. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exportFigure } from '../../../lib/report/export';
import { convergenceFigure } from '../../../lib/report/figure/convergenceFigure';
import { browserFor } from '../../../lib/setup/parts/chromium';
import { folderWith } from '../../data/folders';

test('a named browser comes first, then an installed one where set-up has none', () => {
  const arm = { platform: 'linux', arch: 'arm64' };
  const [edge, both] = [
    folderWith({ 'microsoft-edge': '' }),
    folderWith({ chromium: '', 'microsoft-edge': '' }),
  ];
  const found = (PATH: string, named = {}) => browserFor({ PATH, ...named }, arm).executablePath;
  assert.equal(found(`${edge}:${both}`), path.join(both, 'chromium'));
  assert.equal(found(edge), path.join(edge, 'microsoft-edge'));
  assert.equal(found(folderWith({})), undefined);
  assert.equal(found(edge, { PETERREC_CHROMIUM: '/a/browser' }), '/a/browser');
});

test('without a browser a figure is its numbers, and the reason is said once', async (t) => {
  const { mock } = t.mock.method(console, 'log', () => undefined);
  process.env.PETERREC_CHROMIUM = '/nowhere/chromium';
  const out = folderWith({});
  for (const name of ['first', 'second'])
    await exportFigure(convergenceFigure({ name, caption: '', panels: [] }), out);
  assert.deepEqual(fs.readdirSync(path.join(out, 'figures')), ['first.csv', 'second.csv']);
  const lines = mock.calls.map(({ arguments: [line] }) => line);
  assert.match(
    lines.join('\n'),
    /^No figure is drawn, since no browser starts: [^\n]*\/nowhere\/chromium[^\n]*PETERREC_CHROMIUM[^\n]*$/,
  );
});
