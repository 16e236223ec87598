/** Verdicts on made-up worlds as lines and as a table. */
import { meanSd } from '../../lib/evidence/aggregate';
import type { Claim } from '../../lib/evidence/claims';
import { type Cell, columnsOf, type Table } from '../../lib/report/table/table';
import { type Design, design, type Judged, wrongClaims } from './worlds';

const withVerdict = (claims: readonly Claim[], verdict: Claim['verdict']) =>
  claims.filter((claim) => claim.verdict === verdict).length;
const nameOf = ({ question: { kind, first, second } }: Claim) =>
  `${first.label} ${kind === 'superiority' ? '>' : '≈'} ${second.label}`;

/** `null world, seed 3: right; of 16 claims 0 hold, 1 do not hold, 3 had nothing learnt, 12 are undecided`, or which verdicts are wrong. */
export function worldLine(judged: Judged, by: Design = design): string {
  const { world, seed, claims } = judged;
  const [holding, failing, unlearnt, open] = (
    ['holds', 'does not hold', 'nothing learnt', 'undecided'] as const
  ).map((verdict) => withVerdict(claims, verdict));
  const wrong = wrongClaims(judged, by);
  return [
    `${world} world, seed ${seed}: ${wrong.length === 0 ? 'right' : 'WRONG'}; ` +
      `of ${claims.length} claims ${holding} hold, ${failing} do not hold, ${unlearnt} had nothing learnt, ${open} are undecided`,
    ...wrong.map((claim) => `  ${nameOf(claim)} on ${claim.task}: ${claim.verdict}`),
  ].join('\n');
}

/** A row a claim and task: in how many worlds of a kind it holds, and the mean difference. */
export function worldsTable(judged: readonly Judged[], by: Design = design): Table {
  const kinds = [...new Set(judged.map(({ world }) => world))];
  const [{ claims }] = judged; // the same questions are asked in every world
  return {
    name: 'worlds',
    caption: `Verdicts on made-up worlds. ${kinds.map((kind) => rightly(of(kind, judged), by)).join(' ')}`,
    columns: [
      ...columnsOf({ task: 'Task', claim: 'Claim' }),
      ...kinds.flatMap((kind) =>
        columnsOf({
          [`${kind} holds`]: `Holds, ${kind}`,
          [`${kind} fails`]: `Does not hold, ${kind}`,
          [`${kind} difference`]: [`Difference, ${kind}`, 3],
        }),
      ),
    ],
    rows: claims.map((claim, i) => ({
      task: claim.task,
      claim: nameOf(claim),
      ...Object.assign({}, ...kinds.map((kind) => cellsOf(kind, claimsAt(i, of(kind, judged))))),
    })),
    note:
      'Numbers of worlds, after Holm’s correction over the claims that are asked together in a world. ' +
      'Difference: mean ± standard deviation over worlds.',
  };
}

const claimsAt = (i: number, judged: readonly Judged[]) => judged.map(({ claims }) => claims[i]);
const of = (kind: Judged['world'], judged: readonly Judged[]) => judged.filter(({ world }) => world === kind);

function cellsOf(kind: Judged['world'], claims: readonly Claim[]): Record<string, Cell> {
  return {
    [`${kind} holds`]: withVerdict(claims, 'holds'),
    [`${kind} fails`]: withVerdict(claims, 'does not hold'),
    [`${kind} difference`]: meanSd(claims.map(({ difference }) => difference)),
  };
}

/** `No claim holds in the null world, for 20 of 20 seeds; one does not hold in 1`, which is right: less overfitting is better. */
function rightly(alike: readonly Judged[], by: Design): string {
  const [{ world }] = alike;
  const count = (is: (judged: Judged) => boolean) => alike.filter(is).length;
  const right = count((judged) => wrongClaims(judged, by).length === 0);
  const seeds = `${right} of ${alike.length} seeds`;
  if (world !== 'null') return `No verdict is wrong in the ${world} world, for ${seeds}.`;
  const turned = count(({ claims }) => withVerdict(claims, 'does not hold') > 0);
  return `No claim holds in the null world, for ${seeds}; one does not hold in ${turned}.`;
}
