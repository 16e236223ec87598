/** Cells are checked as strictly as the library, and more: what is taken out of a list may be missing. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';
import { areOfToday, declarationOf, makeDeclarations } from '../../lib/notebook/tslab/declarations';
import { inProject } from '../../lib/setup/tools/project';
import { codeCells, readNotebook } from './notebook';

/** The code of a notebook as one module that stands where its imports start from, and the cell of each of its lines, from 1. */
type Module = { readonly text: string; readonly cells: readonly (readonly [cell: number, line: number])[] };

function moduleOf(notebook: string): Module {
  const lines = codeCells(readNotebook(inProject('notebooks', notebook))).flatMap(({ source }, cell) =>
    source.split('\n').map((text, line) => ({ text, place: [cell + 1, line + 1] as const })),
  );
  return { text: lines.map(({ text }) => text).join('\n'), cells: lines.map(({ place }) => place) };
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(inProject('tsconfig.json'), ts.sys.readFile).config,
  { ...ts.sys, readDirectory: () => [] },
  inProject(),
  {
    module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noUncheckedIndexedAccess: true,
  },
);

/** A compiler that finds modules in their files and declarations in the place of the library. */
function hostOf(modules: ReadonlyMap<string, Module>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = (file: string) =>
    modules.get(file)?.text ?? ts.sys.readFile((file.endsWith('.d.ts') && declarationOf(file)) || file);
  const fileExists = (file: string) =>
    modules.has(file) || (declarationOf(file) ? file.endsWith('.d.ts') : ts.sys.fileExists(file));
  const getSourceFile: ts.CompilerHost['getSourceFile'] = (file, version) => {
    const text = read(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version);
  };
  return { ...host, fileExists, readFile: read, getSourceFile };
}

/** What the compiler complains about in modules, by the file: `cell 3, line 1: …`. */
function complaintsIn(modules: ReadonlyMap<string, Module>): Map<string, string[]> {
  const program = ts.createProgram([...modules.keys()], options, hostOf(modules));
  const told = (file: ts.SourceFile, { cells }: Module) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => {
        const [cell, line] = cells[file.getLineAndCharacterOfPosition(start).line];
        return `cell ${cell}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  return new Map(
    [...modules].map(([name, module]) => [name, told(program.getSourceFile(name) as ts.SourceFile, module)]),
  );
}

if (!areOfToday()) makeDeclarations();
const notebooks = fs.readdirSync(inProject('notebooks')).filter((name) => name.endsWith('.ipynb'));
const placeOf = (notebook: string) => inProject(`${notebook}.ts`);
const found = complaintsIn(new Map(notebooks.map((name) => [placeOf(name), moduleOf(name)])));

for (const notebook of notebooks) {
  test(`the cells of ${notebook}, one after another, are strictly typed`, () =>
    assert.deepEqual(found.get(placeOf(notebook)), []));
}

test('a mistake is found, in its cell', () => {
  const lines = [
    "import { openData } from './lib/notebook/openData';",
    'const [task] = openData({}).tasks;',
    'export const { name } = task;',
  ];
  const module: Module = { text: lines.join('\n'), cells: lines.map((_, i) => [i, 1]) };
  const [[complaint, ...others]] = complaintsIn(new Map([[placeOf('mistaken'), module]])).values();
  assert.match(complaint, /^cell 2, line 1: .*'name'.*undefined/);
  assert.deepEqual(others, []);
});
