/** The one mark that a table of results has: better than the same from random weights. */
import type { Claim } from '../../evidence/claims';
import { identityOf, type Method } from '../../methods/identity';

export type Significance = {
  /** `*` beside a method on a task whose claims there all hold. */
  readonly markOf: (task: string, method: Method) => string | undefined;
  readonly note: string;
};

const MARK = '*';

/** From claims that methods are better than themselves from a random trunk. */
export function significanceOf(claims: readonly Claim[]): Significance {
  const about = new Map<string, boolean>();
  for (const { task, question, verdict } of claims) {
    const key = keyOf(task, question.first);
    about.set(key, (about.get(key) ?? true) && verdict === 'holds');
  }
  return {
    markOf: (task, method) => (about.get(keyOf(task, method)) ? MARK : undefined),
    note: `${MARK} better than its own start from random, at the 5 % level.`,
  };
}

const keyOf = (task: string, method: Method) => JSON.stringify([task, identityOf(method)]);
