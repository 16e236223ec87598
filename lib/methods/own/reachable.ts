/** The code of a module: what it and all of the project that it imports say, comments left out. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { UserError } from '../../userError';

const ENDINGS = ['.ts', '.js', '.json', ''];

/** The file of a module that is named without its ending; throws a UserError where there is none. */
function fileOf(module: string): string {
  const found = ENDINGS.map((ending) => `${module}${ending}`).find((file) =>
    fs.statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
  if (found === undefined) throw new UserError(`${module}: expected a module, found none`);
  return found;
}

/** What a file says as JavaScript without comments. */
function textOf(file: string): string {
  const text = fs.readFileSync(file, 'utf8');
  if (!/\.[jt]s$/.test(file)) return text;
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true },
  }).outputText;
}

/** The files that a module needs when it runs, itself included, and their texts; a module is named without its ending. */
export function reachable(module: string, seen = new Map<string, string>()): Map<string, string> {
  const file = fileOf(module);
  if (seen.has(file)) return seen;
  const text = textOf(file);
  seen.set(file, text);
  for (const [, request] of text.matchAll(/require\("(\.[^"]*)"\)/g))
    reachable(path.resolve(path.dirname(file), request), seen);
  return seen;
}
