/** Functions of a researcher's own, made from what is known of them and called. */
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { digestOf, placeOf } from './digest';
import { type Code, type Import, type OWN, type Own, type OwnKind, refusal } from './own';

const requireThere = createRequire(__filename);

/** What an import stands for in this process; throws where it is not what it was when the function was taken. */
function imported({ module, name, digest }: Import): unknown {
  if (digestOf(module) !== digest)
    throw new Error(`${module} was changed since the function was taken; run the cell again that takes it`);
  const whole = requireThere(placeOf(module));
  if (name === '*') return whole;
  return name === 'default' && !whole.__esModule ? whole : whole[name];
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Functions that were made in this process, by their codes. */
const made = new Map<string, AnyFunction>();

/** The function of a code; `called` is what frames of errors name it by. */
function functionOf(code: Code, called: string): AnyFunction {
  const key = JSON.stringify(code);
  const known = made.get(key);
  if (known) return known;
  const values = Object.fromEntries(code.imports.map((one) => [one.as, imported(one)]));
  const found: AnyFunction = compileFunction(`return (${code.source});`, ['exports'], {
    filename: called,
  })(values);
  made.set(key, found);
  return found;
}

/** Calls a function of one's own. Throws a UserError that says what went wrong in it. */
export function callOwn<K extends OwnKind>(
  own: Own<K>,
  which: (typeof OWN)[K][number],
  ...args: readonly unknown[]
): unknown {
  const { functions } = own as { readonly functions: Readonly<Record<string, Code>> };
  try {
    return functionOf(functions[which], `${own.own} ${own.name}`)(...args);
  } catch (error) {
    throw refusal(own, error instanceof Error ? error.message : String(error));
  }
}
