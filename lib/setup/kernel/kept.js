/** What a cell that failed leaves: the variables that it had set, and of those of before what it had not come to set anew. */
const ts = require('@tslab/typescript-for-tslab');
const executor = require('tslab/dist/executor.js');
const { withNode } = require('./converters');

module.exports = { offerKept };

/** Variables of cells by their names. @typedef {Record<string, unknown>} Values */

/** The declarations that a cell was compiled with, and those with its own. @typedef {{ readonly before: string, readonly after: string }} Made */

/** A declaration in the text of several, with what it names. @typedef {{ readonly names: readonly string[], readonly text: string }} Declared */

/** Before tslab is started, which forgets every variable of a cell that fails, however long it took to make. */
function offerKept() {
  const { createExecutor } = executor;
  executor.createExecutor = (root, converters, console) => {
    /** The declarations that hold after a cell that failed, in place of those that tslab has. @type {string | undefined} */
    let kept;
    /** Of the cell that runs, once it is compiled. @type {Made | undefined} */
    let made;
    const held = withNode(converters, (own) => {
      /** @type {typeof own.convert} */
      const convert = (declarations, source) => {
        const before = kept ?? declarations;
        const converted = own.convert(before, source);
        const { declOutput = '', diagnostics } = converted;
        if (diagnostics.length === 0) made = { before, after: declOutput };
        return converted;
      };
      /** @type {typeof own.inspect} */
      const inspect = (declarations, ...at) => own.inspect(kept ?? declarations, ...at);
      /** @type {typeof own.complete} */
      const complete = (declarations, ...at) => own.complete(kept ?? declarations, ...at);
      return { ...own, convert, inspect, complete };
    });
    const own = createExecutor(root, held, console);
    const execute = async (/** @type {string} */ source) => {
      const values = { ...own.locals };
      made = undefined;
      let isRight = false;
      try {
        isRight = await own.execute(source);
        return isRight;
      } finally {
        if (made) kept = isRight ? undefined : declarationsLeft(made, values, own.locals);
      }
    };
    const reset = () => {
      kept = undefined;
      own.reset();
    };
    return { ...own, execute, reset };
  };
}

/**
 * The declarations of the variables that there are after a cell that failed; those that it emptied and did not come to have the
 * values of before again.
 * @param {Made} made
 * @param {Values} values as they were before the cell
 * @param {Values} locals as they are
 */
function declarationsLeft({ before, after }, values, locals) {
  const earlier = declarationsIn(before);
  const isLost = (/** @type {string} */ name) =>
    Object.hasOwn(locals, name) &&
    locals[name] === undefined &&
    (!Object.hasOwn(values, name) || values[name] !== undefined);
  const left = declarationsIn(after).flatMap(({ names, text }) => {
    const lost = names.filter(isLost);
    if (lost.length === 0) return [text];
    for (const name of lost) locals[name] = values[name];
    return earlier.filter((one) => one.names.some((name) => lost.includes(name))).map((one) => one.text);
  });
  return [...new Set(left)].join('\n');
}

/**
 * The declarations in a text, one for each variable; what names no value, as a type does, has no names here.
 * @param {string} text
 * @returns {Declared[]}
 */
function declarationsIn(text) {
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => {
    const whole = statement.getText();
    if (ts.isVariableStatement(statement)) {
      const { declarations } = statement.declarationList;
      const start = text.slice(statement.getStart(), declarations[0].getStart());
      return declarations.map((one) => ({ names: [one.name.getText()], text: `${start}${one.getText()};` }));
    }
    if (ts.isImportDeclaration(statement)) return [{ names: importedBy(statement), text: whole }];
    const isValue =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement);
    return [{ names: isValue && statement.name ? [statement.name.text] : [], text: whole }];
  });
}

/** @param {import('@tslab/typescript-for-tslab').ImportDeclaration} statement */
function importedBy({ importClause }) {
  const bindings = importClause?.namedBindings;
  const named = bindings && (ts.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements]);
  return [importClause, ...(named ?? [])].flatMap((one) => (one?.name ? [one.name.text] : []));
}
