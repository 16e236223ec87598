/** The code of a module: what it and all of the project that it imports say, comments left out. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { UserError } from '../../userError';
import { codeFingerprint } from '../code/code';

const ENDINGS = ['.ts', '.js', '.json', '', '/index.ts', '/index.js'];

/** The file of a module as an import names it; throws a UserError where there is none. */
function fileOf(module: string): string {
  const stems = [module, module.replace(/\.js$/, '')];
  const places = stems.flatMap((stem) => ENDINGS.map((ending) => `${stem}${ending}`));
  const found = places.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new UserError(`${module}: expected a module, found none`);
  return found;
}

/** Texts by their files, with what tells whether these were written since. */
const known = new Map<string, { readonly written: string; readonly text: string }>();

/** What a file says as JavaScript without comments. */
function textOf(file: string): string {
  const { mtimeMs, size, ino } = fs.statSync(file);
  const written = `${mtimeMs} ${size} ${ino}`;
  const before = known.get(file);
  if (before?.written === written) return before.text;
  const text = withoutComments(file, fs.readFileSync(file, 'utf8'));
  known.set(file, { written, text });
  return text;
}

function withoutComments(file: string, text: string): string {
  if (!/\.[jt]s$/.test(file)) return text;
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true },
  }).outputText;
}

const LIBRARY = path.resolve(__dirname, '../..');

/**
 * The files that a module needs when it runs, itself included, and their texts; for a file of the library stands the fingerprint of its
 * code, of which nothing further is told.
 */
export function reachable(module: string, seen = new Map<string, string>()): Map<string, string> {
  const file = fileOf(module);
  if (seen.has(file)) return seen;
  if (file.startsWith(LIBRARY + path.sep))
    return seen.set(file, codeFingerprint([path.relative(LIBRARY, file)]));
  const text = textOf(file);
  seen.set(file, text);
  for (const [, , request] of text.matchAll(/\b(?:require|import)\((["'])(\.[^"']*)\1\)/g))
    reachable(path.resolve(path.dirname(file), request), seen);
  return seen;
}
