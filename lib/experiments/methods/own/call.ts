/** Makes own functions from their code, which comes from this run's notebook or module, never from a document, card or file of weights. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { digestOf, filesOf, placeOf } from './digest';
import { type Code, type Import, type OWN, type Own, type OwnKind, refusal } from './own';

const requireThere = createRequire(__filename);

/** The value of an import; throws where its module has changed since the function was taken. */
function imported({ module, name, digest }: Import): unknown {
  if (digestOf(module) !== digest)
    throw new Error(`${module} was changed since the function was taken; run the cell again that takes it`);
  const place = placeOf(module);
  if (path.isAbsolute(place)) forget(place);
  const whole = requireThere(place);
  if (name === '*') return whole;
  return name === 'default' && !whole.__esModule ? whole : whole[name];
}

/** Loads files outside the library again: a kernel may have loaded them before an edit. */
function forget(place: string): void {
  for (const file of filesOf(place)) delete require.cache[file];
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Makes one of the functions of an own choice. Its errors, when made or called, are UserErrors that name it. */
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
