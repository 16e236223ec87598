/** Top-level declarations of a module, as JavaScript without comments and types. */
import fs from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { UserError } from '../../../base/userError';

/** A declaration, or another statement, at the top of a module. */
export type Piece = {
  readonly text: string;
  /** Identifiers that it uses. */
  readonly names: readonly string[];
  /** Files that it requires. */
  readonly loads: readonly string[];
  /** The entries of a `byChoice` table by their keys; no part of the text. */
  readonly entries: ReadonlyMap<string, Piece>;
};

/** An export of another module. */
export type From = { readonly file: string; readonly name: string };

export type Module = {
  /** Declarations by name. */
  readonly own: ReadonlyMap<string, Piece>;
  readonly imports: ReadonlyMap<string, From>;
  /** By exported name: a name in its scope, or an export of another module. */
  readonly exports: ReadonlyMap<string, string | From>;
  /** Statements that declare nothing, and imports for their side effects. */
  readonly effects: readonly Piece[];
  /** Loads the files whose exports it passes on. */
  readonly passing: Piece;
  /** Packages that it imports. */
  readonly packages: readonly string[];
};

const plain = (text: string, loads: readonly string[] = []): Piece => {
  return { text, names: [], loads, entries: new Map() };
};

/** Reads a file, with or without the messages of its errors. JSON is one effect. */
export function readModule(file: string, withMessages: boolean): Module {
  const text = fs.readFileSync(file, 'utf8');
  const own = new Map<string, Piece>();
  const imports = new Map<string, From>();
  const exports = new Map<string, string | From>();
  const [effects, passedOn, packages]: [Piece[], string[], string[]] = [[], [], []];
  /** The file of an import; a package is noted. */
  const fileOf = (request: ts.Expression | undefined): string | undefined => {
    if (!request || !ts.isStringLiteralLike(request)) return undefined;
    if (request.text.startsWith('.')) return moduleFile(path.resolve(path.dirname(file), request.text));
    packages.push(request.text);
    return undefined;
  };
  const statements = /\.[jt]s$/.test(file) ? statementsOf(text) : [];
  if (statements.length === 0) effects.push(plain(text));
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = fileOf(statement.moduleSpecifier);
      if (from === undefined) continue;
      for (const [as, name] of importedBy(statement)) imports.set(as, { file: from, name });
      if (!statement.importClause) effects.push(plain('', [from]));
    } else if (ts.isExportDeclaration(statement)) {
      const from = fileOf(statement.moduleSpecifier);
      if (from) passedOn.push(from);
      for (const [as, name] of exportedBy(statement)) exports.set(as, from ? { file: from, name } : name);
    } else {
      const piece = pieceOf(statement, fileOf, withMessages);
      const names = declaredBy(statement);
      for (const name of names) own.set(name, piece);
      if (names.length === 0) effects.push(piece);
      if (isExported(statement))
        for (const name of names) exports.set(isDefault(statement) ? 'default' : name, name);
    }
  }
  return { own, imports, exports, effects, passing: plain('', passedOn), packages };
}

function statementsOf(text: string): readonly ts.Statement[] {
  const options = { loader: 'ts', minifyWhitespace: true, legalComments: 'none', tsconfigRaw: {} } as const;
  const { code } = transformSync(text, options);
  return ts.createSourceFile('', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS).statements;
}

const ENDINGS = ['.ts', '.js', '.json', '', '/index.ts', '/index.js'];

/** The file that an import of this path loads. Throws a UserError where there is none. */
export function moduleFile(module: string): string {
  const stems = [module, module.replace(/\.js$/, '')];
  const places = stems.flatMap((stem) => ENDINGS.map((ending) => `${stem}${ending}`));
  const found = places.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new UserError(`${module}: expected a module, found none`);
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

const exportedBy = ({ exportClause }: ts.ExportDeclaration): Renamed[] =>
  exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(renamed) : [];

const renamed = ({ name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier): Renamed =>
  [name.text, (propertyName ?? name).text] as const;

const isMarked = (statement: ts.Statement, mark: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === mark);
const isDefault = (statement: ts.Statement) =>
  ts.isExportAssignment(statement) || isMarked(statement, ts.SyntaxKind.DefaultKeyword);
const isExported = (statement: ts.Statement) =>
  ts.isExportAssignment(statement) || isMarked(statement, ts.SyntaxKind.ExportKeyword);

/** The names that a statement declares. */
function declaredBy(statement: ts.Statement): string[] {
  if (ts.isExportAssignment(statement)) return ['default'];
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return [statement.name?.text ?? 'default'];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
}

const boundBy = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((one) => (ts.isOmittedExpression(one) ? [] : boundBy(one.name)));

/** Marks a table, see lib/base/choice.ts. */
const BY_CHOICE = 'byChoice';

type FileOf = (request: ts.Expression | undefined) => string | undefined;

function pieceOf(whole: ts.Node, fileOf: FileOf, withMessages: boolean): Piece {
  const [names, loads] = [new Set<string>(), new Set<string>()];
  const entries = new Map<string, Piece>();
  const leftOut: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.ExportKeyword || (!withMessages && isMessage(node))) leftOut.push(node);
    else if (isEntry(node) && isByChoice(node.parent)) {
      leftOut.push(node);
      const entry = ts.isPropertyAssignment(node) ? node.initializer : node.name;
      entries.set(keyOf(node.name), pieceOf(entry, fileOf, withMessages));
    } else if (ts.isIdentifier(node)) {
      if (!isOfProperty(node)) names.add(node.text);
    } else {
      const loaded = isLoading(node) && fileOf(node.arguments[0]);
      if (loaded) loads.add(loaded);
      ts.forEachChild(node, visit);
    }
  };
  visit(whole);
  return { text: without(whole, leftOut), names: [...names], loads: [...loads], entries };
}

/** Calls that decide no number: `new UserError`, `refusalOf`, `console.log`, `described`. */
const TELLS = /^\w*Error$|^refus|^console\.|^described$/;

/** Whether a node only makes a message or describes: an error leaves no document. */
const isMessage = (node: ts.Node): boolean =>
  ts.isThrowStatement(node.parent) ||
  ((ts.isNewExpression(node) || ts.isCallExpression(node)) && TELLS.test(node.expression.getText()));

const isEntry = (node: ts.Node): node is ts.PropertyAssignment | ts.ShorthandPropertyAssignment =>
  ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);

const isByChoice = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && parent.expression.getText() === BY_CHOICE;

const keyOf = (name: ts.PropertyName): string => (ts.isStringLiteralLike(name) ? name.text : name.getText());

/** Whether it names a property. */
function isOfProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent);
}

/** Whether it is `require('…')` or `import('…')`. */
const isLoading = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && ['require', 'import'].includes(node.expression.getText());

/** The text of a node without some nodes in it, given in order, and the comma behind each: entries that are added leave no trace. */
function without(whole: ts.Node, leftOut: readonly ts.Node[]): string {
  const { text } = whole.getSourceFile();
  const ends = [whole.getStart(), ...leftOut.map(({ end }) => end + Number(text[end] === ','))];
  const starts = [...leftOut.map((node) => node.getStart()), whole.end];
  const kept = ends.map((end, i) => text.slice(end, starts[i]));
  return kept.join('').trim();
}
