/** Executed notebooks where there is no kernel and nothing of ours: exported, printed, in front ends that know no widgets. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { boxedHtml } from '../../lib/notebook/table/html';
import { closeBrowser, withPages } from '../../lib/report/figure/browser';
import { inProject, python } from '../../lib/setup/tools/project';
import { outputsOf, readNotebook } from './notebook';

const FOLDER = inProject('figures/reference/movielens-100k/notebooks');
const names = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));

function exported(name: string): string {
  const notebook = `${FOLDER}/${name}`;
  const command = ['-m', 'nbconvert', '--to', 'html', '--stdout', '--log-level', 'ERROR', notebook];
  return execFileSync(python, command, { env: jupyterEnvironment(), encoding: 'utf8', maxBuffer: 1e8 });
}

after(closeBrowser);

test('what is drawn by an extension or a widget has a picture or HTML beside it, for front ends that know neither', () => {
  const shown = names.flatMap((name) => outputsOf(readNotebook(`${FOLDER}/${name}`)));
  const drawn = shown
    .map(({ data = {} }) => Object.keys(data))
    .filter((formats) => formats.some((format) => format.startsWith('application/')));
  assert.ok(drawn.length > 5);
  for (const formats of drawn)
    assert.ok(formats.includes('image/svg+xml') || formats.includes('text/html'), String(formats));
});

test('in a notebook that Jupyter exports as HTML every figure is described by its caption', () => {
  const html = exported('rq1.ipynb');
  const described = [...html.matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, words]) => words);
  assert.ok(described.length >= 4);
  assert.ok(
    described.some((words) => words.startsWith('PeterRec and FineAll (pre-trained) against PeterZero')),
  );
  for (const words of described) assert.doesNotMatch(words, /No description|^data-/);
});

test('on paper a long table has all of its rows', async () => {
  const ids = Array.from({ length: 100 }, (_, id) => ({ id }));
  const table = { name: 'long', caption: 'Long', columns: [{ key: 'id', label: 'ID' }], rows: ids };
  const [screen, print] = await withPages(async ({ paper }) => {
    await paper.setContent(boxedHtml(table));
    const shares: number[] = [];
    for (const media of ['screen', 'print'] as const) {
      await paper.emulateMedia({ media });
      const share =
        "(({ clientHeight, scrollHeight }) => clientHeight / scrollHeight)(document.querySelector('.table-box'))";
      shares.push(await paper.evaluate<number>(share));
    }
    return shares;
  });
  assert.ok(screen < 1);
  assert.equal(print, 1);
});
