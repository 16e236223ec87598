/**
 * Makes own functions from their code, which comes from this run's notebook or module, never from a document, card or file of weights;
 * and digests of the modules that they import.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { fingerprint } from '../../../base/fingerprint';
import { type Code, type Import, type OWN, type Own, type OwnKind, refusal } from './own';

const root = path.resolve(__dirname, '../../../..');
const requireThere = createRequire(__filename);

const isFile = (module: string) => module.startsWith('.') || path.isAbsolute(module);

/** A module as `require` takes it: a file by its place, named from the project's root, a package by its name. */
const placeOf = (module: string): string => (isFile(module) ? path.resolve(root, module) : module);

/** The version of the package that a name is of: `arquero`, `@scope/name/part`; of Node where it is Node's own. */
function versionOf(module: string): string {
  const name = module.split('/').slice(0, module.startsWith('@') ? 2 : 1);
  const card = path.join(root, 'node_modules', ...name, 'package.json');
  return fs.existsSync(card) ? JSON.parse(fs.readFileSync(card, 'utf8')).version : process.version;
}

/** Fingerprint, packages and files outside the library of a module. Loads a compiler. */
function codeOf(module: string) {
  const { isOfLibrary, moduleCode }: typeof import('../code/code') = require('../code/code');
  const { digits, files, packages } = moduleCode(placeOf(module));
  return { digits, packages, files: [...files].filter((file) => !isOfLibrary(file)) };
}

/** Digits of the code of a file and all that it uses, and of the versions of its packages; of a package its version. */
export function digestOf(module: string): string {
  if (!isFile(module)) return versionOf(module);
  const { digits, packages } = codeOf(module);
  return fingerprint([digits, ...packages.map((name) => `${name} ${versionOf(name)}`)]);
}

/** The value of an import; throws where its module has changed since the function was taken. */
function imported({ module, name, digest }: Import): unknown {
  if (digestOf(module) !== digest)
    throw new Error(`${module} was changed since the function was taken; run the cell again that takes it`);
  // Loads files outside the library again: a kernel may have loaded them before an edit.
  for (const file of isFile(module) ? codeOf(module).files : []) delete require.cache[file];
  const whole = requireThere(placeOf(module));
  if (name === '*') return whole;
  return name === 'default' && !whole.__esModule ? whole : whole[name];
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Makes one of the functions of an own choice. Its errors, when made or called, are UserErrors that name it. */
export function ownFunction<K extends OwnKind>(own: Own<K>, which: (typeof OWN)[K][number]): AnyFunction {
  const { functions } = own as { readonly functions: Readonly<Record<string, Code>> };
  const { source, imports } = functions[which];
  const filename = `${own.own} ${own.name}`;
  const telling = <R>(work: () => R): R => {
    try {
      return work();
    } catch (error) {
      throw refusal(own, error instanceof Error ? error.message : String(error), error);
    }
  };
  const made: AnyFunction = telling(() => {
    const exports = Object.fromEntries(imports.map((one) => [one.as, imported(one)]));
    return compileFunction(`return (${source});`, ['exports'], { filename })(exports);
  });
  return (...args) => telling(() => made(...args));
}
