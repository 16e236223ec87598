/** Which ways of tuning pay on which trunk: on how many tasks each is shown to be better than the classifier alone. */
import { grouped } from '../../base/grouped';
import type { Claim } from '../../evidence/claims';
import { columnsOf, type Table } from '../../report/table/table';
import { type ByTrunk, Everything, paperPatch, type Trunk, trunks } from '../methods';

/** Rows of the table beside those of everything and of the paper's patch. */
const MOST = 6;

const holds = ({ verdict }: Claim) => verdict === 'holds';
const labelOf = ({ question }: Claim) => question.first.label;

/** Claims that a way is better than the classifier alone, by the way's label; those that most of hold come first. */
export function learnt(claims: ByTrunk): (readonly [label: string, own: readonly Claim[]])[] {
  const all = trunks.flatMap((trunk) => claims[trunk].learns);
  return grouped(all, labelOf).sort(([, a], [, b]) => b.filter(holds).length - a.filter(holds).length);
}

/** `3 of 5`; – on a trunk where the way is not defined. */
const shareOf = (claims: readonly Claim[]): string =>
  claims.length === 0 ? '–' : `${claims.filter(holds).length} of ${claims.length}`;

/** The ways that pay most, everything and the paper's patch: a column a trunk. */
export function paying(claims: ByTrunk): Table {
  const named = [Everything.label, paperPatch.label];
  const all = learnt(claims);
  const others = all.filter(([label, own]) => !named.includes(label) && own.some(holds)).slice(0, MOST);
  const rows = all.filter((one) => named.includes(one[0]) || others.includes(one));
  const on = (label: string, trunk: Trunk) =>
    claims[trunk].learns.filter((claim) => labelOf(claim) === label);
  return {
    name: 'methods-paying',
    caption: 'Tasks on which a way is shown to be better than the classifier alone.',
    columns: columnsOf({
      ...{ method: 'Tuned', all: 'All trunks' },
      ...Object.fromEntries(trunks.map((trunk) => [trunk, trunk])),
    }).map((column) => (column.key === 'method' ? column : { ...column, align: 'right' })),
    rows: rows.map(([label, own]) => ({
      ...{ method: label, all: shareOf(own) },
      ...Object.fromEntries(trunks.map((trunk) => [trunk, shareOf(on(label, trunk))])),
    })),
    note: 'The ways with most such tasks, everything, and the paper’s patches of k/8; Holm’s correction over the ways and tasks of a trunk.',
  };
}
