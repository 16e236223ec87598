/** What stands for a module that a function of one's own imports. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');

const isFile = (module: string) => module.startsWith('.') || path.isAbsolute(module);

/** A module as `require` takes it: a file by its place, named from the project's root, a package by its name. */
export const placeOf = (module: string): string => (isFile(module) ? path.resolve(root, module) : module);

/** Hex digits. */
const DIGITS = 12;

/** The version of the package that a name is of: `arquero`, `@scope/name/part`. */
function versionOf(module: string): string {
  const name = module.split('/').slice(0, module.startsWith('@') ? 2 : 1);
  const card = path.join(root, 'node_modules', ...name, 'package.json');
  return fs.existsSync(card) ? JSON.parse(fs.readFileSync(card, 'utf8')).version : process.version;
}

/** The texts of a module and of all that it imports from files, by these files. Only here is a compiler loaded. */
export function filesOf(module: string): Map<string, string> {
  const { reachable }: typeof import('./reachable') = require('./reachable');
  return reachable(placeOf(module));
}

/** The packages that a file requires, with their versions. */
const packagesIn = (text: string): (readonly [string, string])[] =>
  [...text.matchAll(/\brequire\((["'])([^."'/][^"']*)\1\)/g)].map(([, , name]) => [name, versionOf(name)]);

/**
 * Digits of a file and all the files that it imports, and of the versions of packages that these require; of a package its version,
 * of Node where it is Node's own. Throws a UserError where there is no such module.
 */
export function digestOf(module: string): string {
  if (!isFile(module)) return versionOf(module);
  const hash = createHash('sha256');
  const read = [...filesOf(module)].map(([file, text]) =>
    JSON.stringify([path.relative(root, file), text, packagesIn(text)]),
  );
  for (const one of read.sort()) hash.update(one);
  return hash.digest('hex').slice(0, DIGITS);
}
