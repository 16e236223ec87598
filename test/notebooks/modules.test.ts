import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { inProject } from '../../lib/setup/tools/project';

/** Modules of a notebook's cell and all that they import from lib. */
function reachable(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !fs.existsSync(file)) return seen;
  seen.add(file);
  for (const { fileName } of ts.preProcessFile(fs.readFileSync(file, 'utf8'), true, true).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    const bare = path.resolve(path.dirname(file), fileName);
    for (const candidate of [`${bare}.ts`, `${bare}.js`]) reachable(candidate, seen);
  }
  return seen;
}

function importsOf(notebook: string): string[] {
  const { cells } = JSON.parse(fs.readFileSync(notebook, 'utf8')) as {
    cells: { source: string[] | string }[];
  };
  const sources = cells.map(({ source }) => [source].flat().join(''));
  return sources.flatMap((source) =>
    [...source.matchAll(/from '\.\/(lib\/[^']+)'/g)].map(([, name]) => inProject(`${name}.ts`)),
  );
}

/** tslab rewrites a last expression to show its value, in modules too; the next run of the importing cell then fails. */
test('no module that a notebook imports ends with an expression', () => {
  const notebooks = fs.readdirSync(inProject('notebooks')).filter((name) => name.endsWith('.ipynb'));
  const modules = new Set<string>();
  for (const name of notebooks)
    for (const file of importsOf(inProject('notebooks', name))) reachable(file, modules);
  assert.ok(modules.size > 50);
  for (const file of modules) {
    const { statements } = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
    const last = statements[statements.length - 1];
    assert.ok(!last || !ts.isExpressionStatement(last), file);
  }
});
