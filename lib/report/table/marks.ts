/** Marks that claims leave in a table of results. */
import type { Claim } from '../../evidence/claims';
import { identityOf, type Method } from '../../methods/identity';
import { EQUIVALENCE_MARGIN } from '../../metrics/pairedTests';

export type Significance = {
  /** What stands beside a method on a task, if anything does. */
  readonly markOf: (task: string, method: Method) => string | undefined;
  /** What the marks mean: test, level, against whom. */
  readonly note: string;
};

/** What a decided claim says of a method: it is better than another, as good, or by more than the margin not. */
type Finding = { readonly task: string; readonly method: Method; readonly says: string };

function findingOf({ verdict, task, difference, question: { kind, first, second } }: Claim): Finding[] {
  const better = (method: Method, { label }: Method) => [{ task, method, says: `better than ${label}` }];
  if (verdict === 'holds')
    return kind === 'superiority'
      ? better(first, second)
      : [{ task, method: first, says: `as good as ${second.label}` }];
  if (verdict !== 'does not hold') return [];
  if (kind === 'superiority') return better(second, first);
  const [method, other] = difference > 0 ? [first, second] : [second, first];
  return [{ task, method, says: `more than ${EQUIVALENCE_MARGIN} better than ${other.label}` }];
}

const SYMBOLS = ['*', '†', '‡', '§', '¶', '‖'];
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** The first six get the customary symbols; more get letters, and beyond z numbered ones. */
function symbolsFor(count: number): string[] {
  if (count <= SYMBOLS.length) return SYMBOLS.slice(0, count);
  const round = (i: number) => (i < LETTERS.length ? '' : String(Math.floor(i / LETTERS.length)));
  return Array.from({ length: count }, (_, i) => LETTERS[i % LETTERS.length] + round(i));
}

const keyOf = (task: string, method: Method) => JSON.stringify([task, identityOf(method)]);

/** Marks for a table of results: beside a method a symbol for each finding about it, explained in the note. */
export function significanceOf(claims: readonly Claim[]): Significance {
  const findings = claims.flatMap(findingOf);
  const said = [...new Set(findings.map(({ says }) => says))];
  const symbols = symbolsFor(said.length);
  const beside = new Map<string, string>();
  for (const { task, method, says } of findings) {
    const key = keyOf(task, method);
    beside.set(key, (beside.get(key) ?? '') + symbols[said.indexOf(says)]);
  }
  return { markOf: (task, method) => beside.get(keyOf(task, method)), note: noteOf(said, symbols) };
}

function noteOf(said: readonly string[], symbols: readonly string[]): string {
  const how = `at the 5 % level (bootstrap over seeds and users, Holm; as good: within ${EQUIVALENCE_MARGIN})`;
  if (said.length === 0) return `No claim is decided ${how}.`;
  return `Shown ${how}: ${said.map((says, i) => `${symbols[i]} ${says}`).join(', ')}.`;
}
