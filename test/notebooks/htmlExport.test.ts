import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { inProject, python } from '../../lib/setup/tools/project';

test('in a notebook that Jupyter exports as HTML every figure is described by its caption', () => {
  const notebook = inProject('figures/reference/notebooks/data.ipynb');
  const command = ['-m', 'nbconvert', '--to', 'html', '--stdout', '--log-level', 'ERROR', notebook];
  const html = execFileSync(python, command, { env: jupyterEnvironment(), encoding: 'utf8', maxBuffer: 1e8 });
  const described = [...html.matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, words]) => words);
  assert.ok(described.length >= 4);
  assert.ok(described.includes('What the domains of each task have in common, as shares.'));
  for (const words of described) assert.doesNotMatch(words, /No description|^data-/);
});
