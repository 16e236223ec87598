/** What the cells of a notebook import, read in what the kernel made of them. */
import ts from 'typescript';
import type { Import } from '../../methods/own/own';
import { cellOutputs } from '../kernel/kernel';

/** Something of a module. */
export type Imported = Omit<Import, 'as' | 'digest'>;

/** What a cell calls modules itself: `native_1` or `heads` for `require("./lib/…")`. */
type Modules = ReadonlyMap<string, string>;

/** What is known at the end of a cell: the modules by the names that it has for them itself, and the imports of all cells so far. */
export type CellImports = { readonly modules: Modules; readonly variables: ReadonlyMap<string, Imported> };

/** After the last cell that holds a text, and after all; undefined where no cell holds it. */
export function importsWhere(text: string): CellImports | undefined {
  const holding = cellOutputs()
    .filter((output) => output.includes(text))
    .at(-1);
  return holding === undefined ? undefined : { modules: modulesIn(holding), variables: importedVariables() };
}

/** The variables of all cells that are imports. */
export function importedVariables(): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  for (const output of cellOutputs()) {
    const modules = modulesIn(output);
    for (const [name, value] of exportedBy(output)) {
      const imported = importedIn(value, modules);
      if (imported) found.set(name, imported);
      else found.delete(name);
    }
  }
  return found;
}

const statementsOf = (script: string) =>
  ts.createSourceFile('cell.js', script, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS).statements;

/** `const native_1 = require("./lib/…")`, with a helper of the compiler's around it where it has one. */
function modulesIn(output: string): Modules {
  const declared = statementsOf(output)
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations);
  const found = declared.flatMap(({ name, initializer }) => {
    const module =
      initializer && /^(?:__import\w+\()?require\("([^"]+)"\)\)?$/.exec(initializer.getText())?.[1];
    return ts.isIdentifier(name) && module !== undefined ? [[name.text, module] as const] : [];
  });
  return new Map(found);
}

/** What a cell gives to later ones: `exports.x = value`, and `Object.defineProperty(exports, "x", { get … return value; })`. */
function exportedBy(output: string): [name: string, value: string][] {
  return statementsOf(output)
    .filter(ts.isExpressionStatement)
    .flatMap((statement): [string, string][] => {
      const text = statement.getText();
      const got = /^Object\.defineProperty\(exports, "([^"]+)", .*return ([\w$.]+);/.exec(text);
      const set = /^exports\.([\w$]+) = (?!exports\.|void 0)(.*?);?$/s.exec(text);
      const [, name, value] = got ?? set ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
}

/** `native_1.tf` is an export of a module, `heads` a whole one. */
function importedIn(value: string, modules: Modules): Imported | undefined {
  const [, local = '', name = '*'] = /^([\w$]+)(?:\.([\w$]+))?$/.exec(value) ?? [];
  const module = modules.get(local);
  return module === undefined ? undefined : { module, name };
}
