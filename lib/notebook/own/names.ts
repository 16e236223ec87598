/** The names that a function reads beside those that it defines itself. */
import ts from 'typescript';

/** A function that the compiler has read, and what it knows of the names in it. */
export type Read = {
  readonly expression: ts.Expression;
  readonly isDefined: (name: ts.Identifier) => boolean;
};

const FILE = 'function.js';
const OPTIONS: ts.CompilerOptions = { allowJs: true, noLib: true, noResolve: true, types: [] };

/** An expression in JavaScript; undefined where it is none. */
export function readExpression(text: string): Read | undefined {
  const file = ts.createSourceFile(FILE, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(OPTIONS),
    getSourceFile: (name) => (name === FILE ? file : undefined),
  };
  const program = ts.createProgram([FILE], OPTIONS, host);
  const [statement] = file.statements;
  const isValid = program.getSyntacticDiagnostics(file).length === 0;
  if (!isValid || !statement || !ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const checker = program.getTypeChecker();
  return {
    expression: ts.isParenthesizedExpression(expression) ? expression.expression : expression,
    isDefined: (name) =>
      checker
        .getSymbolsInScope(name, ts.SymbolFlags.Value)
        .some((symbol) => symbol.name === name.text && (symbol.declarations ?? []).length > 0),
  };
}

/** Identifiers that nothing in the function declares, and `this` where it is that of what calls it. */
export function freeNames({ expression, isDefined }: Read): (ts.Identifier | ts.Node)[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node, inside: number): void => {
    if (ts.isIdentifier(node) && isRead(node) && !isDefined(node)) found.push(node);
    if ([ts.SyntaxKind.ThisKeyword, ts.SyntaxKind.SuperKeyword].includes(node.kind) && inside < 2)
      found.push(node);
    const deeper = hasOwnThis(node) ? inside + 1 : inside;
    ts.forEachChild(node, (child) => visit(child, deeper));
  };
  visit(expression, hasOwnThis(expression) || isMethodOf(expression) ? 0 : 1);
  return found;
}

const hasOwnThis = (node: ts.Node): boolean =>
  (ts.isFunctionLike(node) && !ts.isArrowFunction(node)) || ts.isClassLike(node);

/** `({ apply(E) { … } }).apply` */
const isMethodOf = (expression: ts.Expression) => ts.isPropertyAccessExpression(expression);

/** Whether a name stands for a value, and is not what a property, a method or a label is called. */
function isRead(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return parent.initializer === name;
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === name;
  return !(
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  );
}

/** Without comments. */
export const printed = ({ expression }: Read): string =>
  ts
    .createPrinter({ removeComments: true })
    .printNode(ts.EmitHint.Expression, expression, expression.getSourceFile());
