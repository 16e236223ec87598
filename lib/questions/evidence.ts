/** Evidence of a question's claims: a table for each group, a forest and the answer. */
import type { Claim } from '../evidence/claims';
import { type Answer, type Asked, type Asking, answerOf, type Group } from '../report/answer/answer';
import { forest } from '../report/figure/forest';
import type { Figure } from '../report/figure/smallMultiples';
import { claimsTable } from '../report/table/claims';
import type { Table } from '../report/table/table';

type Claims = readonly Claim[];

/** `titles` has the title of each group by the name of its table; claims are given in their order. */
export function evidenceOf(name: string, caption: string, titles: Readonly<Record<string, string>>) {
  const groups = (claims: readonly Claims[]): Group[] =>
    Object.values(titles).map((title, i) => ({ title, claims: claims[i] }));
  return {
    /** The table of each group. */
    tables: Object.keys(titles).map(
      (table) =>
        (claims: Claims): Table =>
          claimsTable(table, claims),
    ),
    forestOf: (...claims: readonly Claims[]): Figure =>
      forest({ name: `${name}-evidence`, caption, groups: groups(claims) }),
    answerTo:
      (asked: Asked) =>
      (bench: Asking, ...claims: readonly Claims[]): Answer =>
        answerOf(asked, bench, groups(claims)),
  };
}
