/** Digests of modules that own functions import. */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../../base/fingerprint';

const root = path.resolve(__dirname, '../../../..');

const isFile = (module: string) => module.startsWith('.') || path.isAbsolute(module);

/** A module as `require` takes it: a file by its place, named from the project's root, a package by its name. */
export const placeOf = (module: string): string => (isFile(module) ? path.resolve(root, module) : module);

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

/** The files outside the library that a module uses, itself included. */
export const filesOf = (module: string): readonly string[] => codeOf(module).files;

/** Digits of the code of a file and all that it uses, and of the versions of its packages; of a package its version. */
export function digestOf(module: string): string {
  if (!isFile(module)) return versionOf(module);
  const { digits, packages } = codeOf(module);
  return fingerprint([digits, ...packages.map((name) => `${name} ${versionOf(name)}`)]);
}
