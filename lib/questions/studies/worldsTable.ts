/** Verdicts on made-up worlds: their records, with which no world is judged twice, and their table. */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../base/fingerprint';
import { Damaged, readSealed, setAside, writeSealed } from '../../base/sealed';
import { meanSd } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import { isSameQuestion } from '../../evidence/questions';
import { codeFingerprint } from '../../experiments/methods/code/code';
import type { Provenance } from '../../report/provenance';
import { type Cell, columnsOf, type Table } from '../../report/table/table';
import { inProject } from '../../setup/tools/project';
import { type Design, design, type Judged, type WorldKind, wrongClaims } from './worlds';

/** A claim as JSON keeps it: its question by its place among all of the design, null for NaN. */
type Recorded = Omit<Claim, 'question'> & { readonly question: number };

/** A record; `made` stands for the design and the code. */
type Kept = { readonly made: string; readonly claims: readonly Recorded[] };

/** Numbers that may be NaN, which JSON writes as null. */
const NUMBERS = new Set(['difference', 'low', 'high', 'effect', 'p']);

function withNaN<T extends object>(recorded: T): T {
  const entries = Object.entries(recorded).map(([key, value]) => [
    key,
    value === null && NUMBERS.has(key) ? Number.NaN : value,
  ]);
  return Object.fromEntries(entries);
}

const fileOf = (out: string, kind: WorldKind, seed: number) =>
  path.join(out, 'judged', `${kind}-${seed}.json`);

/** Fingerprint of the code that trains, asks and judges. */
const CODE = codeFingerprint(['questions/studies/worlds.ts']);

/** Hash of a design in the world of a seed, and of the code. */
const makeOf = ({ size, tasks, planned, asks, preset, seeds }: Design, seed: number): string =>
  fingerprint({ size, tasks, planned, asks, preset, seeds: seeds(seed), code: CODE });

/** A record with its claims on the questions of a design. Throws Damaged for a broken seal. */
export function readRecord(file: string, by: Design): { readonly made: string; readonly claims: Claim[] } {
  const { made, claims } = readSealed(file) as unknown as Kept;
  const asked = by.asks.flat();
  const revived = claims.map((claim) => ({
    ...withNaN(claim),
    byT: withNaN(claim.byT),
    question: asked[claim.question],
  }));
  return { made, claims: revived };
}

/** The verdicts of a world by this design and this code; undefined if there are none. A damaged record is set aside. */
export function recorded(out: string, kind: WorldKind, seed: number, by: Design): Judged | undefined {
  const file = fileOf(out, kind, seed);
  if (!fs.existsSync(file)) return undefined;
  try {
    const { made, claims } = readRecord(file, by);
    return made === makeOf(by, seed) ? { world: kind, seed, claims } : undefined;
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [file]);
    return undefined;
  }
}

/** Keeps the verdicts of a world, and gives them back. */
export function keepRecord(out: string, judged: Judged, by: Design): Judged {
  const { world, seed, claims } = judged;
  const asked = by.asks.flat();
  const told = ({ question, ...claim }: Claim): Recorded => ({
    ...claim,
    question: asked.findIndex((one) => isSameQuestion(one, question)),
  });
  const record: Kept = { made: makeOf(by, seed), claims: claims.map(told) };
  writeSealed(fileOf(out, world, seed), record);
  return judged;
}

/** Provenance of a table of worlds: its records by their places from OUT/results. */
export const provenanceOfRecords = (
  about: Pick<Provenance, 'data' | 'preset' | 'out'>,
  judged: readonly Judged[],
): Provenance => ({
  ...about,
  code: [CODE],
  documents: Object.fromEntries(
    judged.map(({ world, seed }) => [
      `../judged/${world}-${seed}`,
      readSealed(fileOf(inProject(about.out), world, seed)).checksum,
    ]),
  ),
});

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
          [`${kind} byT`]: `Decided by the t-test, ${kind}`,
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
      'Numbers of worlds, after Holm’s correction over the claims that are asked together in a world. The t-test over seeds is corrected ' +
      'alike, does not ask whether anything was learnt, and takes several seeds. Difference: mean ± standard deviation over worlds.',
  };
}

const claimsAt = (i: number, judged: readonly Judged[]) => judged.map(({ claims }) => claims[i]);
const of = (kind: Judged['world'], judged: readonly Judged[]) => judged.filter(({ world }) => world === kind);

function cellsOf(kind: Judged['world'], claims: readonly Claim[]): Record<string, Cell> {
  return {
    [`${kind} holds`]: withVerdict(claims, 'holds'),
    [`${kind} fails`]: withVerdict(claims, 'does not hold'),
    [`${kind} byT`]: claims.filter(({ byT }) => byT.p < 0.05).length,
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
