/**
 * Functions of a researcher's own, made from what is known of them. Only what a notebook or a module of his has said in this run
 * comes here: no document, card or file of weights does, which are data.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { digestOf, filesOf, placeOf } from './digest';
import { type Code, type Import, type OWN, type Own, type OwnKind, refusal } from './own';

const requireThere = createRequire(__filename);

/** What an import stands for as its module is now; throws where that is not what it was when the function was taken. */
function imported({ module, name, digest }: Import): unknown {
  if (digestOf(module) !== digest)
    throw new Error(`${module} was changed since the function was taken; run the cell again that takes it`);
  const place = placeOf(module);
  if (path.isAbsolute(place)) forget(place);
  const whole = requireThere(place);
  if (name === '*') return whole;
  return name === 'default' && !whole.__esModule ? whole : whole[name];
}

/** Files beside the library are loaded anew: a kernel may have loaded them before an edit. */
function forget(place: string): void {
  for (const file of filesOf(place)) delete require.cache[file];
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * One of the functions of one's own, made of its code and of what it imports now. Made and called, it throws a UserError that says
 * what went wrong.
 */
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
