/** Verdicts of a made-up world, kept under OUT/judged: such a world is not judged again, and its documents may go. */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../base/fingerprint';
import { Damaged, readSealed, setAside, writeSealed } from '../../base/sealed';
import type { World } from '../../data/synthetic/synthetic';
import type { Claim } from '../../evidence/claims';
import { isSameQuestion } from '../../evidence/questions';
import { codeFingerprint } from '../../experiments/methods/code/code';
import type { Provenance } from '../../report/provenance';
import { inProject } from '../../setup/tools/project';
import type { Design, Judged } from './worlds';

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

const nameOf = (kind: World['kind'], seed: number) => `${kind}-${seed}`;
const fileOf = (out: string, kind: World['kind'], seed: number) =>
  path.join(out, 'judged', `${nameOf(kind, seed)}.json`);

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
export function recorded(out: string, kind: World['kind'], seed: number, by: Design): Judged | undefined {
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
      `../judged/${nameOf(world, seed)}`,
      readSealed(fileOf(inProject(about.out), world, seed)).checksum,
    ]),
  ),
});
