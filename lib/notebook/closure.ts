/** The source of a function, and what it reads beside its own: imports of cells, and nothing else that may change without notice. */
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { digestOf } from '../methods/own/digest';
import type { Code, Import } from '../methods/own/own';
import { root } from '../setup/tools/project';
import { UserError } from '../userError';
import { cellSources, cellVariables } from './kernel';

/** What every process has. */
const builtIn = new Set<string>([
  ...runInNewContext('Object.getOwnPropertyNames(globalThis)'),
  'arguments',
  'console',
]);

type Imported = Omit<Import, 'digest'>;

/**
 * The code of a function. Throws a UserError that begins with `called` where it is none, or names the variable that it reads of a
 * notebook or of another function around it.
 */
export function codeOf(written: unknown, called: string): Code {
  const refuse = (why: string) => new UserError(`${called}: ${why}`);
  if (typeof written !== 'function') throw refuse('expected a function, found none');
  const imports = importsOfCells();
  const whole =
    [...imports.values()].find(({ as }) => cellVariables()[as] === written) ?? exportedAs(written);
  if (whole) return { source: `exports.${whole.as}`, imports: [withDigest(whole)] };
  const read = expressionOf(written);
  if (read === undefined)
    throw refuse('expected a function as it is written, found a class or what has no source');
  const { free, ofCells } = namesIn(read);
  const unknown = [
    ...free.filter((name) => !builtIn.has(name)),
    ...ofCells.filter((name) => !imports.has(name)),
  ];
  if (unknown.length > 0)
    throw refuse(
      `it reads ${unknown.join(', ')}, which its source does not hold; expected only what it is given, what it defines and what ` +
        'cells import',
    );
  return {
    source: printed(read.expression),
    imports: ofCells.map((name) => withDigest(imports.get(name) as Imported)),
  };
}

/** What a function is called that a module of the project exports, if one that was loaded does. */
function exportedAs(written: unknown): Imported | undefined {
  for (const loaded of Object.values(require.cache)) {
    if (!loaded || path.relative(root, loaded.filename).match(/^\.\.|node_modules/)) continue;
    const name = Object.keys(Object(loaded.exports)).find((key) => exported(loaded.exports, key) === written);
    if (name !== undefined)
      return { as: name, module: `./${path.relative(root, stemOf(loaded.filename))}`, name };
  }
  return undefined;
}

/** An export; undefined while its module runs and has not come to it. */
function exported(exports: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return exports[name];
  } catch {
    return undefined;
  }
}

const stemOf = (file: string) => file.replace(/\.[jt]s$/, '');

const withDigest = (one: Imported): Import => ({ ...one, digest: digestOf(one.module) });

/** What cells import, by the names that they give it; a name that a later cell declares is none. */
function importsOfCells(): Map<string, Imported> {
  const found = new Map<string, Imported>();
  for (const source of cellSources())
    for (const statement of parsed(source).statements) {
      for (const name of declaredBy(statement)) found.delete(name);
      if (ts.isImportDeclaration(statement)) for (const one of importedBy(statement)) found.set(one.as, one);
    }
  return found;
}

const parsed = (source: string) => ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);

function importedBy({ importClause, moduleSpecifier }: ts.ImportDeclaration): Imported[] {
  if (!importClause || importClause.isTypeOnly) return [];
  const module = (moduleSpecifier as ts.StringLiteral).text;
  const { name, namedBindings: named } = importClause;
  const whole = name ? [{ as: name.text, module, name: 'default' }] : [];
  if (!named) return whole;
  if (ts.isNamespaceImport(named)) return [...whole, { as: named.name.text, module, name: '*' }];
  const parts = named.elements.map(({ name: as, propertyName }) => ({
    as: as.text,
    module,
    name: (propertyName ?? as).text,
  }));
  return [...whole, ...parts];
}

/** Names that a statement of a cell gives a value of its own. */
function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bound(element.name)));
}

/** An expression that the compiler has read, and what it knows of the names in it. */
type Read = { readonly expression: ts.Expression; readonly checker: ts.TypeChecker };

/** A function as an expression, one that is written as a method too; undefined where it has no source, or is a class. */
function expressionOf(written: { readonly name: string }): Read | undefined {
  const text = Function.prototype.toString.call(written);
  const read = readAs(`(${text})`) ?? readAs(`({ ${text} }).${written.name}`);
  if (!read || ts.isClassExpression(read.expression)) return undefined;
  return read;
}

const FILE = 'function.js';
const OPTIONS: ts.CompilerOptions = { allowJs: true, noLib: true, noResolve: true, types: [] };

/** Undefined where it is no JavaScript. */
function readAs(text: string): Read | undefined {
  const file = ts.createSourceFile(FILE, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(OPTIONS),
    getSourceFile: (name) => (name === FILE ? file : undefined),
  };
  const program = ts.createProgram([FILE], OPTIONS, host);
  const [statement] = file.statements;
  if (program.getSyntacticDiagnostics(file).length > 0 || !ts.isExpressionStatement(statement))
    return undefined;
  const { expression } = statement;
  return {
    expression: ts.isParenthesizedExpression(expression) ? expression.expression : expression,
    checker: program.getTypeChecker(),
  };
}

/** Without comments, in one form however it was written. */
const printed = (expression: ts.Expression): string =>
  ts
    .createPrinter({ removeComments: true })
    .printNode(ts.EmitHint.Expression, expression, expression.getSourceFile());

/** The names that an expression reads and does not define, each once: variables of cells, and all others. */
function namesIn({ expression, checker }: Read): { readonly free: string[]; readonly ofCells: string[] } {
  const [free, ofCells] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isRead(node) && !isDefined(node, checker)) {
      const { parent } = node;
      const isOfCells = node.text === 'exports' && ts.isPropertyAccessExpression(parent);
      if (isOfCells) ofCells.add(parent.name.text);
      else free.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return { free: [...free], ofCells: [...ofCells] };
}

/** Whether a name stands for a value, and is not what a property, a method or a label is called. */
function isRead(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === name;
  if (ts.isBindingElement(parent)) return parent.initializer === name;
  return !(
    ts.isMethodDeclaration(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  );
}

/** Whether something around a name declares it. */
const isDefined = (name: ts.Identifier, checker: ts.TypeChecker): boolean =>
  checker
    .getSymbolsInScope(name, ts.SymbolFlags.Value)
    .some((symbol) => symbol.name === name.text && (symbol.declarations ?? []).length > 0);
