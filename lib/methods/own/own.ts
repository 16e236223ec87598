/**
 * A researcher's own function in the place of a shipped choice: plain data that says its source and what that imports, so that
 * any process makes the same function of it, and a document's name follows from it.
 */
import { UserError } from '../../userError';

/** What a source calls `exports.<as>`: something of a package, or of a module by its path from the project's root. */
export type Import = {
  readonly as: string;
  readonly module: string;
  /** The name of an export, `default`, or `*` for the whole module. */
  readonly name: string;
  /** Stands for the module and all of the project that it imports, or is the version of a package. */
  readonly digest: string;
};

/** JavaScript of an expression that gives the function, and what it imports. */
export type Code = { readonly source: string; readonly imports: readonly Import[] };

/** What may be a function of one's own, and what its functions are called. */
export const OWN = {
  loss: ['loss'],
  selection: ['selection'],
  negatives: ['negatives'],
  insertion: ['insertion'],
  patch: ['fresh', 'apply'],
} as const;

export type OwnKind = keyof typeof OWN;

/** What may stand in a table and, with other signs replaced, in the name of a file. */
export const OWN_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/;

/** A function of one's own, or two that belong together, under the name that tables show. */
export type Own<K extends OwnKind = OwnKind> = K extends OwnKind
  ? {
      readonly own: K;
      readonly name: string;
      readonly functions: Readonly<Record<(typeof OWN)[K][number], Code>>;
    }
  : never;

/** Whether a choice is a function of one's own. */
export const isOwn = <C>(choice: C): choice is Extract<C, Own> =>
  typeof choice === 'object' && choice !== null && 'own' in choice;

/** A choice in words: a function by its name. */
export const nameOfChoice = (choice: unknown): string =>
  isOwn(choice) ? (choice as Own).name : String(choice);

/** What is wrong with a function of one's own, or with one of several. */
export const refusal = (found: Own | readonly Own[], why: string, cause?: unknown): UserError => {
  const names = [found].flat().map(({ own, name }) => `${own} ${name}`);
  return new UserError(`${names.join(' or ')}: ${why}`, { cause });
};
