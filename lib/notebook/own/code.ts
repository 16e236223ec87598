/** A function as data: its source, and what it reads beside its own, which must be imports: nothing that may change without notice. */
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { digestOf } from '../../methods/own/digest';
import type { Code, Import } from '../../methods/own/own';
import { root } from '../../setup/tools/project';
import { UserError } from '../../userError';
import { cellVariables } from '../kernel/kernel';
import { type CellImports, type Imported, importedVariables, importsWhere } from './cellImports';
import { freeNames, printed, type Read, readExpression } from './names';

/** What every process has, without what reaches the variables of a notebook, the time or the dice. */
const builtIn = new Set<string>([
  ...runInNewContext('Object.getOwnPropertyNames(globalThis)'),
  'arguments',
  'console',
]);
for (const name of ['globalThis', 'eval', 'Function', 'Date']) builtIn.delete(name);

/**
 * The code of a function. Throws a UserError that begins with `called` where it is none, or names what it reads that its source
 * does not hold: a variable of the notebook or of another function around it.
 */
export function codeOf(written: unknown, called: string): Code {
  const refuse = (why: string) => new UserError(`${called}: ${why}`);
  if (typeof written !== 'function') throw refuse('expected a function, found none');
  const whole = importedAs(written) ?? exportedAs(written);
  if (whole)
    return {
      source: `exports.${whole.name}`,
      imports: [{ ...whole, as: whole.name, digest: digestOf(whole.module) }],
    };
  const text = Function.prototype.toString.call(written);
  const known = importsWhere(text);
  if (!known)
    throw refuse('expected a function that a cell holds, or one that a module exports, by its name');
  const read = readExpression(`(${text})`) ?? readExpression(`({ ${text} }).${written.name}`);
  if (!read || ts.isClassExpression(read.expression)) throw refuse('expected a function, found a class');
  return captured(read, known, refuse);
}

/** What a cell imports under the name of a variable with this value. */
function importedAs(written: unknown): Imported | undefined {
  const variables = cellVariables();
  return [...importedVariables()].find(([name]) => variables[name] === written)?.[1];
}

/** What a function is called that a module of the project exports, if one that was loaded does. */
function exportedAs(written: unknown): Imported | undefined {
  for (const loaded of Object.values(require.cache)) {
    if (!loaded || /^\.\.|node_modules/.test(path.relative(root, loaded.filename))) continue;
    const name = Object.keys(Object(loaded.exports)).find((key) => exported(loaded.exports, key) === written);
    if (name !== undefined)
      return { module: `./${path.relative(root, loaded.filename).replace(/\.[jt]s$/, '')}`, name };
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

/** A part of a function that stands for something imported, or is what it may not read. */
type Reading = { readonly node: ts.Node; readonly of: Imported | string };

/** A function whose imports are called by the names that their modules have for them, whatever the cell calls them. */
function captured(read: Read, known: CellImports, refuse: (why: string) => UserError): Code {
  const readings = freeNames(read).flatMap((node) => readingOf(node, known));
  const unknown = new Set(readings.flatMap(({ of }) => (typeof of === 'string' ? of : [])));
  if (unknown.size > 0)
    throw refuse(
      `it reads ${[...unknown].join(', ')}, which its source does not hold; expected only what it is given, what it defines and ` +
        'what cells import',
    );
  const imports: Import[] = [];
  const edits = readings.map(({ node, of }) => ({
    node,
    text: `exports.${nameIn(imports, of as Imported)}`,
  }));
  const source = edits.reduceRight(
    (text, { node, text: instead }) => text.slice(0, node.getStart()) + instead + text.slice(node.getEnd()),
    read.expression.getSourceFile().text,
  );
  return { source: printed(readExpression(source) as Read), imports };
}

/** The name of an import; one that is not there yet is added, under a name that no other has. */
function nameIn(imports: Import[], { module, name }: Imported): string {
  const known = imports.find((one) => one.module === module && one.name === name);
  if (known) return known.as;
  const own = /^[\w$]+$/.test(name) && name !== 'default' ? name : path.basename(module).replace(/\W/g, '_');
  const taken = imports.filter(({ as }) => as.replace(/\d+$/, '') === own).length;
  const as = taken === 0 ? own : `${own}${taken + 1}`;
  imports.push({ as, module, name, digest: digestOf(module) });
  return as;
}

/** What a free name stands for, by what cells import; nothing where it is what every process has. */
function readingOf(node: ts.Node, { modules, variables }: CellImports): Reading[] {
  if (!ts.isIdentifier(node)) return [{ node, of: node.getText() }];
  const member = memberOf(node);
  if (node.text === 'exports' && member)
    return [partOf(variables.get(member.name.text) ?? member.name.text, member)];
  const module = modules.get(node.text);
  if (module !== undefined) return [partOf({ module, name: '*' }, node)];
  if (node.text === 'Math' && (!member || member.name.text === 'random'))
    return [{ node, of: member ? 'Math.random' : 'Math' }];
  return builtIn.has(node.text) ? [] : [{ node, of: node.text }];
}

/** `x.y` around x. */
const memberOf = ({ parent }: ts.Node): ts.PropertyAccessExpression | undefined =>
  ts.isPropertyAccessExpression(parent) ? parent : undefined;

/** Of a whole module the export that is read, where one is. */
function partOf(of: Imported | string, node: ts.Node): Reading {
  const member = memberOf(node);
  if (typeof of === 'string' || of.name !== '*' || member?.expression !== node) return { node, of };
  return { node: member, of: { ...of, name: member.name.text } };
}
