import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { jupyterEnvironment } from '../../lib/cli/jupyter/environment';
import { inProject } from '../../lib/setup/tools/project';
import { execute as executeFiles } from '../cli/kernelRun';
import { type Notebook, readNotebook } from './notebook';

/** Runs a notebook by its kernel, as reproduce does, and returns it with its outputs. Fails where the run does. */
export function execute(
  name: string,
  parameters: { readonly out: string; readonly [name: string]: unknown },
): Notebook {
  const output = path.join(parameters.out, `${name}.ipynb`);
  const notebook = inProject(`notebooks/${name}.ipynb`);
  const { status, stderr } = executeFiles({ notebook, output }, parameters, jupyterEnvironment());
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  return readNotebook(output);
}

/** The names of the files of one ending that a notebook left in a folder of OUT. */
export const files = (out: string, kind: string, ending: string): string[] =>
  fs.existsSync(path.join(out, kind))
    ? fs.readdirSync(path.join(out, kind)).filter((name) => name.endsWith(ending))
    : [];
