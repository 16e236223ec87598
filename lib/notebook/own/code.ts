/** A function as data: its source, and its imports. It may read nothing else, which could change without notice. */
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { UserError } from '../../base/userError';
import { digestOf } from '../../experiments/methods/own/call';
import type { Code, Import } from '../../experiments/methods/own/own';
import { root } from '../../setup/tools/project';
import { cellVariables } from '../kernel/kernel';
import { type CellImports, type Imported, importedVariables, importsWhere } from './cellImports';

/** Globals of every process, without those that reach variables of a notebook, the time or random numbers. */
const builtIn = new Set<string>([
  ...runInNewContext('Object.getOwnPropertyNames(globalThis)'),
  'arguments',
  'console',
]);
for (const name of ['globalThis', 'eval', 'Function', 'Date']) builtIn.delete(name);

/**
 * The code of a function that a cell holds or that a module exports. Throws a UserError that begins with `called` for anything else,
 * and for a function that reads a variable of the notebook or of another function.
 */
export function codeOf(written: unknown, called: string): Code {
  const refuse = (why: string) => new UserError(`${called}: ${why}`);
  if (typeof written !== 'function') throw refuse('expected a function, found none');
  const whole = importedAs(written) ?? exportedAs(written);
  if (whole)
    return {
      source: `exports.${whole.name}`,
      imports: [{ ...whole, as: whole.name, digest: digestOf(whole.module) }],
    };
  const text = Function.prototype.toString.call(written);
  const known = importsWhere(text);
  if (!known) throw refuse('expected a function that a cell holds, or that a module exports by its name');
  const script = [`(${text})`, `({ ${text} }).${written.name}`].find((one) => expressionOf(one));
  if (script === undefined || /^\(class\b/.test(script)) throw refuse('expected a function, found a class');
  return captured(script, known, refuse);
}

/** The import of a cell whose variable has this value. */
function importedAs(written: unknown): Imported | undefined {
  const variables = cellVariables();
  return [...importedVariables()].find(([name]) => variables[name] === written)?.[1];
}

/** The export of a loaded module of the project. */
function exportedAs(written: unknown): Imported | undefined {
  for (const loaded of Object.values(require.cache)) {
    if (!loaded || /^\.\.|node_modules/.test(path.relative(root, loaded.filename))) continue;
    const name = Object.keys(Object(loaded.exports)).find((key) => exported(loaded.exports, key) === written);
    if (name !== undefined)
      return { module: `./${path.relative(root, loaded.filename).replace(/\.[jt]s$/, '')}`, name };
  }
  return undefined;
}

/** An export; undefined until its module has come to it. */
function exported(exports: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return exports[name];
  } catch {
    return undefined;
  }
}

const FILE = 'function.ts';
const OPTIONS: ts.CompilerOptions = { noLib: true, noResolve: true, types: [] };

/** A script and its one expression; undefined for any other text. */
function expressionOf(text: string): { file: ts.SourceFile; expression: ts.Expression } | undefined {
  const file = ts.createSourceFile(FILE, text, ts.ScriptTarget.Latest, true);
  const [statement] = file.statements;
  const { parseDiagnostics } = file as unknown as { readonly parseDiagnostics: readonly unknown[] };
  if (parseDiagnostics.length > 0 || !statement || !ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  return { file, expression: ts.isParenthesizedExpression(expression) ? expression.expression : expression };
}

/** How the compiler says that nothing declares a name, with and without advice. */
const NOT_FOUND = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2662, 2663, 18004]);

/** Where names stand in a script that nothing in it declares, and `globalThis`, which the compiler knows. */
function freeNames(text: string): (readonly [start: number, end: number])[] {
  const file = expressionOf(text)?.file;
  const host = {
    ...ts.createCompilerHost(OPTIONS),
    getSourceFile: (name: string) => (name === FILE ? file : undefined),
  };
  const found = ts
    .createProgram([FILE], OPTIONS, host)
    .getSemanticDiagnostics(file)
    .filter(({ code }) => NOT_FOUND.has(code))
    .map(({ start = 0, length = 0 }) => [start, start + length] as const);
  const all = [...text.matchAll(/\bglobalThis\b/g)].map(
    ({ index, 0: name }) => [index, index + name.length] as const,
  );
  return [...found, ...all].sort(([a], [b]) => a - b);
}

/** The function with its imports under the names of their modules, however the cell calls them; without comments. */
function captured(script: string, known: CellImports, refuse: (why: string) => UserError): Code {
  const reads = freeNames(script).flatMap(([start, end]) => readAt(script, start, end, known));
  const unknown = new Set(reads.flatMap(({ of }) => (typeof of === 'string' ? of : [])));
  if (unknown.size > 0)
    throw refuse(
      `it reads ${[...unknown].join(', ')}; expected only its parameters, what it defines and what cells import. Give it what it ` +
        'needs, or write it into a file and import it',
    );
  const imports: Import[] = [];
  const edits = reads.map((read) => ({ ...read, text: `exports.${nameIn(imports, read.of as Imported)}` }));
  const source = edits.reduceRight(
    (text, { start, end, text: instead }) => text.slice(0, start) + instead + text.slice(end),
    script,
  );
  const { file, expression } = expressionOf(source) as NonNullable<ReturnType<typeof expressionOf>>;
  const printer = ts.createPrinter({ removeComments: true });
  return { source: printer.printNode(ts.EmitHint.Expression, expression, file), imports };
}

/** The name of an import, its own if no other has it. */
function nameIn(imports: Import[], { module, name }: Imported): string {
  const known = imports.find((one) => one.module === module && one.name === name);
  if (known) return known.as;
  const own = /^[\w$]+$/.test(name) && name !== 'default' ? name : path.basename(module).replace(/\W/g, '_');
  const taken = imports.filter(({ as }) => as.replace(/\d+$/, '') === own).length;
  const as = taken === 0 ? own : `${own}${taken + 1}`;
  imports.push({ as, module, name, digest: digestOf(module) });
  return as;
}

/** A part of a script that stands for an import, or the name of what it may not read. */
type Reading = { readonly start: number; readonly end: number; readonly of: Imported | string };

/** Import behind a free name and its member, `own_1.tf` or `exports.tf`; none for a global of every process. */
function readAt(script: string, start: number, end: number, { modules, variables }: CellImports): Reading[] {
  const name = script.slice(start, end);
  const memberAt = (offset: number) => /^\.([\w$]+)/.exec(script.slice(offset)) ?? [];
  const partOf = (of: Imported, end: number): Reading[] => {
    const [whole = '', member] = of.name === '*' ? memberAt(end) : [];
    return [
      member === undefined
        ? { start, end, of }
        : { start, end: end + whole.length, of: { ...of, name: member } },
    ];
  };
  const [whole = '', member] = memberAt(end);
  if (name === 'exports' && member !== undefined) {
    const variable = variables.get(member);
    return variable ? partOf(variable, end + whole.length) : [{ start, end, of: member }];
  }
  const module = modules.get(name);
  if (module !== undefined) return partOf({ module, name: '*' }, end);
  const isRandom = name === 'Math' && (member === undefined || member === 'random');
  if (isRandom) return [{ start, end, of: 'Math.random' }];
  return builtIn.has(name) ? [] : [{ start, end, of: name }];
}
