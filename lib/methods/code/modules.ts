/** What stands at the top of a module, as JavaScript without comments, types and messages. */
import fs from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import ts from 'typescript';

/** A declaration, or another statement, at the top of a module. */
export type Piece = {
  readonly text: string;
  /** Identifiers that it uses, of its module or not. */
  readonly names: readonly string[];
  /** Files that it requires. */
  readonly loads: readonly string[];
  /** What `byChoice` holds, by the choice; no part of the text. */
  readonly entries: ReadonlyMap<string, Piece>;
};

/** An export of another module. */
export type From = { readonly file: string; readonly name: string };

export type Module = {
  /** What it declares. */
  readonly own: ReadonlyMap<string, Piece>;
  readonly imports: ReadonlyMap<string, From>;
  /** By the names that others import: a name in its own scope, or an export that it passes on. */
  readonly exports: ReadonlyMap<string, string | From>;
  /** Statements that declare nothing, and imports for what they do. */
  readonly effects: readonly Piece[];
};

const plain = (text: string, loads: readonly string[] = []): Piece => ({
  text,
  names: [],
  loads,
  entries: new Map(),
});

export function readModule(file: string): Module {
  const text = fs.readFileSync(file, 'utf8');
  const own = new Map<string, Piece>();
  const imports = new Map<string, From>();
  const exports = new Map<string, string | From>();
  const effects: Piece[] = [];
  const statements = /\.[jt]s$/.test(file) ? statementsOf(text) : [];
  if (statements.length === 0) effects.push(plain(text)); // JSON
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = fileOf(file, statement.moduleSpecifier);
      if (from === undefined) continue;
      for (const [as, name] of importedBy(statement)) imports.set(as, { file: from, name });
      if (!statement.importClause) effects.push(plain('', [from]));
    } else if (ts.isExportDeclaration(statement)) {
      for (const [as, name] of exportedBy(statement)) {
        const from = statement.moduleSpecifier && fileOf(file, statement.moduleSpecifier);
        exports.set(as, from ? { file: from, name } : name);
      }
    } else {
      const piece = pieceOf(file, statement);
      const names = declaredBy(statement);
      for (const name of names) own.set(name, piece);
      if (names.length === 0) effects.push(piece);
      if (isExported(statement)) for (const name of names) exports.set(name, name);
    }
  }
  return { own, imports, exports, effects };
}

function statementsOf(text: string): readonly ts.Statement[] {
  const { code } = transformSync(text, {
    loader: 'ts',
    minifyWhitespace: true,
    legalComments: 'none',
    tsconfigRaw: {},
  });
  return ts.createSourceFile('', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS).statements;
}

/** The file of a module as an import names it; undefined for a package. */
function fileOf(from: string, request: ts.Node): string | undefined {
  if (!ts.isStringLiteralLike(request) || !request.text.startsWith('.')) return undefined;
  const bare = path.resolve(path.dirname(from), request.text);
  const found = ['.ts', '.js', ''].map((ending) => bare + ending).find((file) => fs.existsSync(file));
  if (found === undefined) throw new Error(`${from}: ${request.text}: expected a module, found none`);
  return found;
}

type Renamed = readonly [as: string, name: string];

function importedBy({ importClause }: ts.ImportDeclaration): Renamed[] {
  const { name, namedBindings } = importClause ?? {};
  const main: Renamed[] = name ? [[name.text, 'default']] : [];
  if (!namedBindings) return main;
  if (ts.isNamespaceImport(namedBindings)) return [...main, [namedBindings.name.text, '*']];
  return [...main, ...namedBindings.elements.map(renamed)];
}

function exportedBy({ exportClause }: ts.ExportDeclaration): Renamed[] {
  if (!exportClause || !ts.isNamedExports(exportClause))
    throw new Error('export * is not read: expected names');
  return exportClause.elements.map(renamed);
}

const renamed = ({ name, propertyName = name }: ts.ImportSpecifier | ts.ExportSpecifier): Renamed => [
  name.text,
  propertyName.text,
];

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** The names that a statement declares. */
function declaredBy(statement: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return [statement.name?.text ?? 'default'];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
}

const boundBy = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((one) => (ts.isOmittedExpression(one) ? [] : boundBy(one.name)));

/** The function that marks a table of implementations by choice, in lib/choice.ts. */
const BY_CHOICE = 'byChoice';

function pieceOf(file: string, whole: ts.Node): Piece {
  const [names, loads] = [new Set<string>(), new Set<string>()];
  const entries = new Map<string, Piece>();
  const leftOut: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isMessage(node) || node.kind === ts.SyntaxKind.ExportKeyword) leftOut.push(node);
    else if (isEntry(node) && isByChoice(node.parent)) {
      leftOut.push(node);
      entries.set(
        keyOf(node.name),
        pieceOf(file, ts.isPropertyAssignment(node) ? node.initializer : node.name),
      );
    } else if (ts.isIdentifier(node)) {
      if (!isOfProperty(node)) names.add(node.text);
    } else {
      const loaded = loadedBy(file, node);
      if (loaded) loads.add(loaded);
      ts.forEachChild(node, visit);
    }
  };
  visit(whole);
  return { text: without(whole, leftOut), names: [...names], loads: [...loads], entries };
}

/** What makes errors and messages: `new UserError`, `refusalOf`, `console.log`. */
const TELLS = /^\w*Error$|^refus|^console\./;

/** What only tells somebody something; who is told of an error gets no document. */
const isMessage = (node: ts.Node): boolean =>
  ts.isThrowStatement(node.parent) ||
  ((ts.isNewExpression(node) || ts.isCallExpression(node)) && TELLS.test(node.expression.getText()));

const isEntry = (node: ts.Node): node is ts.PropertyAssignment | ts.ShorthandPropertyAssignment =>
  ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);

const isByChoice = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && parent.expression.getText() === BY_CHOICE;

const keyOf = (name: ts.PropertyName): string => (ts.isStringLiteralLike(name) ? name.text : name.getText());

/** Whether it names a property, and nothing in scope. */
function isOfProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent);
}

/** The file that `require('./…')` or `import('./…')` loads. */
function loadedBy(file: string, node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined;
  return ['require', 'import'].includes(node.expression.getText())
    ? fileOf(file, node.arguments[0])
    : undefined;
}

/** The text of a node without some nodes in it, which stand there one after the other. */
function without(whole: ts.Node, leftOut: readonly ts.Node[]): string {
  const { text } = whole.getSourceFile();
  const ends = [whole.getStart(), ...leftOut.map(({ end }) => end)];
  const starts = [...leftOut.map((node) => node.getStart()), whole.end];
  return ends
    .map((end, i) => text.slice(end, starts[i]))
    .join('')
    .trim();
}
