/** How the verdicts on made-up worlds came out. */
import { meanSd } from '../evidence/aggregate';
import type { Claim } from '../evidence/claims';
import type { Cell, Table } from '../report/table/table';
import { type Judged, wrongClaims } from './worlds';

const withVerdict = (claims: readonly Claim[], verdict: Claim['verdict']) =>
  claims.filter((claim) => claim.verdict === verdict).length;
const nameOf = ({ question: { first, second } }: Claim) => `${first.label} > ${second.label}`;

/** `null world, seed 3: right; of 16 claims 0 hold, 1 does not hold, 3 had nothing learnt, 12 are undecided`, or which verdicts are wrong. */
export function worldLine(judged: Judged): string {
  const { world, seed, claims } = judged;
  const [holding, failing, unlearnt, open] = (
    ['holds', 'does not hold', 'nothing learnt', 'undecided'] as const
  ).map((verdict) => withVerdict(claims, verdict));
  const wrong = wrongClaims(judged);
  return [
    `${world} world, seed ${seed}: ${wrong.length === 0 ? 'right' : 'WRONG'}; ` +
      `of ${claims.length} claims ${holding} hold, ${failing} do not hold, ${unlearnt} had nothing learnt, ${open} are undecided`,
    ...wrong.map((claim) => `  ${nameOf(claim)} on ${claim.task}: ${claim.verdict}`),
  ].join('\n');
}

/** Each claim on each task: in how many worlds of a kind it holds, and how large the difference is. */
export function worldsTable(judged: readonly Judged[]): Table {
  const kinds = [...new Set(judged.map(({ world }) => world))];
  const [{ claims }] = judged; // the same questions are asked in every world
  return {
    name: 'worlds',
    caption: `Verdicts on made-up worlds. ${kinds.map((kind) => rightly(of(kind, judged))).join(' ')}`,
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'claim', label: 'Claim' },
      ...kinds.flatMap((kind) => [
        { key: `${kind} holds`, label: `Holds, ${kind}` },
        { key: `${kind} fails`, label: `Does not hold, ${kind}` },
        { key: `${kind} difference`, label: `Difference, ${kind}`, digits: 3 },
      ]),
    ],
    rows: claims.map((claim, i) => ({
      task: claim.task,
      claim: nameOf(claim),
      ...Object.assign(
        {},
        ...kinds.map((kind) =>
          cellsOf(
            kind,
            of(kind, judged).map(({ claims }) => claims[i]),
          ),
        ),
      ),
    })),
    note:
      'Worlds in which a claim holds and in which it does not, after Holm’s correction over all claims of a world; ' +
      'mean ± standard deviation of the difference over worlds.',
  };
}

const of = (kind: Judged['world'], judged: readonly Judged[]) => judged.filter(({ world }) => world === kind);

function cellsOf(kind: Judged['world'], claims: readonly Claim[]): Record<string, Cell> {
  return {
    [`${kind} holds`]: withVerdict(claims, 'holds'),
    [`${kind} fails`]: withVerdict(claims, 'does not hold'),
    [`${kind} difference`]: meanSd(claims.map(({ difference }) => difference)),
  };
}

const EXPECTED = { structured: 'every claim holds', null: 'no claim holds' } as const;

/** `In the null world no claim holds, for 20 of 20 seeds.` */
function rightly(alike: readonly Judged[]): string {
  const [{ world }] = alike;
  const right = alike.filter((judged) => wrongClaims(judged).length === 0).length;
  return `In the ${world} world ${EXPECTED[world]}, for ${right} of ${alike.length} seeds.`;
}
