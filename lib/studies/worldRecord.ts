/** What was found in a made-up world, kept under OUT/judged: such a world is not judged again, and its documents may go. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { World } from '../datasets/synthetic/synthetic';
import type { Claim } from '../evidence/claims';
import { isSameQuestion } from '../evidence/questions';
import { fingerprint } from '../files/fingerprint';
import { Damaged, readSealed, setAside, writeSealed } from '../files/sealed';
import { codeFingerprint } from '../methods/code/code';
import type { Provenance } from '../report/provenance/provenance';
import { inProject } from '../setup/tools/project';
import type { Design, Judged } from './worlds';

/** JSON has no NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const verdict = z.enum(['holds', 'does not hold', 'undecided', 'nothing learnt']);

/**
 * A claim; its question is told by its place among all that the design asks. Said by hand: without `strict`, as in notebooks,
 * zod's types have optional keys.
 */
type Recorded = Omit<Claim, 'question'> & { readonly question: number };

const recordedClaim = z.object({
  question: z.number().int().nonnegative(),
  task: z.string(),
  place: z.string(),
  metric: z.string(),
  difference: number,
  low: number,
  high: number,
  effect: number,
  users: z.number(),
  seeds: z.number(),
  p: number,
  pOverall: z.number().nullable(),
  byT: z.object({ p: number, low: number, high: number }),
  relative: z.object({ margin: z.number(), verdict }).nullable(),
  needed: z.number().nullable(),
  verdict,
});

const made = z.object({ made: z.string() });
const record = made.extend({ claims: z.array(recordedClaim) });

const nameOf = (kind: World['kind'], seed: number) => `${kind}-${seed}`;
const fileOf = (out: string, kind: World['kind'], seed: number) =>
  path.join(out, 'judged', `${nameOf(kind, seed)}.json`);

/** Of the code that trains, asks and judges, as it was loaded. */
const CODE = codeFingerprint(['studies/worlds.ts']);

/** Stands for a design in the world of a seed, and for the code. */
const makeOf = ({ size, tasks, planned, asks, preset, seeds }: Design, seed: number): string =>
  fingerprint({ size, tasks, planned, asks, preset, seeds: seeds(seed), code: CODE });

/** What was found in a world by this design and the code as it is; nothing where that is not known. What is damaged is set aside. */
export function recorded(out: string, kind: World['kind'], seed: number, by: Design): Judged | undefined {
  const file = fileOf(out, kind, seed);
  if (!fs.existsSync(file)) return undefined;
  try {
    const content = readSealed(file);
    if (made.parse(content).made !== makeOf(by, seed)) return undefined;
    const asked = by.asks.flat();
    const { claims } = record.parse(content) as { readonly claims: readonly Recorded[] };
    return {
      world: kind,
      seed,
      claims: claims.map((claim) => ({ ...claim, question: asked[claim.question] })),
    };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [file]);
    return undefined;
  }
}

/** Keeps what was found in a world, and gives it back. Throws where it answers what the design does not ask. */
export function keepRecord(out: string, judged: Judged, by: Design): Judged {
  const { world, seed, claims } = judged;
  const asked = by.asks.flat();
  const told = ({ question, ...claim }: Claim) => {
    const place = asked.findIndex((one) => isSameQuestion(one, question));
    if (place < 0) throw new Error(`a claim on ${claim.task} is not asked by the design`);
    return { ...claim, question: place };
  };
  writeSealed(fileOf(out, world, seed), { made: makeOf(by, seed), claims: claims.map(told) });
  return judged;
}

/** The records that a table of worlds is made from, as what a file says of its origin: by their places from OUT/results. */
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
