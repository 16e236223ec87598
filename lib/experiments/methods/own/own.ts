/**
 * An own function in place of a shipped choice, as data: its source and its imports. Any process makes the same function of it,
 * and the hash of a document covers it.
 */
import { UserError } from '../../../base/userError';

/** Import that a source calls `exports.<as>`: an export of a package, or of a module by its path from the project's root. */
export type Import = {
  readonly as: string;
  readonly module: string;
  /** The name of an export, `default`, or `*` for the whole module. */
  readonly name: string;
  /** Of the module and all that it uses; of a package its version. */
  readonly digest: string;
};

/** A JavaScript expression that gives the function, and its imports. */
export type Code = { readonly source: string; readonly imports: readonly Import[] };

/** The kinds of own functions, and the functions of each. */
export const OWN = {
  loss: ['loss'],
  selection: ['selection'],
  negatives: ['negatives'],
  insertion: ['insertion'],
  patch: ['fresh', 'apply'],
} as const;

export type OwnKind = keyof typeof OWN;

/** Shown in tables and, with other signs replaced, part of file names. */
export const OWN_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/;

/** An own function, or two that belong together, under the name that tables show. */
export type Own<K extends OwnKind = OwnKind> = K extends OwnKind
  ? {
      readonly own: K;
      readonly name: string;
      readonly functions: Readonly<Record<(typeof OWN)[K][number], Code>>;
    }
  : never;

/** Whether a choice is an own function. */
export const isOwn = <C>(choice: C): choice is Extract<C, Own> =>
  typeof choice === 'object' && choice !== null && 'own' in choice;

/** A choice in words: `as 8` of a size. */
export function nameOfChoice(choice: unknown): string {
  if (isOwn(choice)) return (choice as Own).name;
  return typeof choice === 'object' && choice !== null
    ? Object.entries(choice).flat().join(' ')
    : String(choice);
}

/** An error of an own function, or of one of several. */
export const refusal = (found: Own | readonly Own[], why: string, cause?: unknown): UserError => {
  const names = [found].flat().map(({ own, name }) => `${own} ${name}`);
  return new UserError(`${names.join(' or ')}: ${why}`, { cause });
};
