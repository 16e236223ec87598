/** Imports of a notebook's cells, read from their compiled scripts. */
import type { Import } from '../../experiments/methods/own/own';
import { cellOutputs } from '../kernel/kernel';

/** Something of a module; `*` is the whole. */
export type Imported = Omit<Import, 'as' | 'digest'>;

/** Modules by the names that a cell's script has for them: `native_1` for `require("./lib/…")`. */
type Modules = ReadonlyMap<string, string>;

/** The modules of a cell, and the imports of all cells so far by their variables. */
export type CellImports = { readonly modules: Modules; readonly variables: ReadonlyMap<string, Imported> };

/** Of the last cell that holds a text; undefined if none does. */
export function importsWhere(text: string): CellImports | undefined {
  const holding = cellOutputs()
    .filter((output) => output.includes(text))
    .at(-1);
  return holding === undefined ? undefined : { modules: modulesIn(holding), variables: importedVariables() };
}

/** The variables of all cells that are imports; one that a later cell sets is none. */
export function importedVariables(): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  for (const output of cellOutputs()) {
    const modules = modulesIn(output);
    for (const [name, value] of exportedBy(output)) {
      const [, local = '', member = '*'] = /^([\w$]+)(?:\.([\w$]+))?$/.exec(value) ?? [];
      const module = modules.get(local);
      if (module === undefined) found.delete(name);
      else found.set(name, { module, name: member });
    }
  }
  return found;
}

/** `const native_1 = require("./lib/…");`, perhaps within a helper of the compiler's. */
const modulesIn = (output: string): Modules =>
  new Map(
    [...output.matchAll(/^const ([\w$]+) = (?:__import\w+\()?require\("([^"]+)"\)\)?;$/gm)].map(
      ([, name, module]) => [name, module] as const,
    ),
  );

/** Variables for later cells: `exports.x = value`, and `Object.defineProperty(exports, "x", { get … return value; })`. */
const exportedBy = (output: string): (readonly [name: string, value: string])[] =>
  [
    ...output.matchAll(/^Object\.defineProperty\(exports, "([^"]+)", .*return ([\w$.]+);/gm),
    ...output.matchAll(/^exports\.([\w$]+) = (?!exports\.|void 0)(.*?);?$/gm),
  ]
    .sort((a, b) => a.index - b.index)
    .map(([, name, value]) => [name, value] as const);
