/** What was found in a made-up world, kept under OUT/judged: such a world is not judged again, and its documents may go. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { World } from '../datasets/synthetic/synthetic';
import type { Claim } from '../evidence/claims';
import { Damaged, readSealed, setAside, writeSealed } from '../files/sealed';
import { codeFingerprint, fingerprint } from '../runs/session/fingerprint';
import type { Design, Judged } from './worlds';

/** JSON has no NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const verdict = z.enum(['holds', 'does not hold', 'undecided', 'nothing learnt']);

/** A claim; its question is told by its place among all that the design asks. */
const recordedClaim = z.object({
  question: z.number(),
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

const record = z.object({ made: z.string(), claims: z.array(recordedClaim) });

const fileOf = (out: string, kind: World['kind'], seed: number) =>
  path.join(out, 'judged', `${kind}-${seed}.json`);

/** Stands for a design in the world of a seed, and for the code that trains, asks and judges. */
const makeOf = ({ size, tasks, planned, asks, preset, seeds }: Design, seed: number): string =>
  fingerprint({
    ...{ size, tasks, planned, asks, preset, seeds: seeds(seed) },
    code: codeFingerprint(['studies/worlds.ts']),
  });

/** What was found in a world by this design and the code as it is; nothing where that is not known. What is damaged is set aside. */
export function recorded(out: string, kind: World['kind'], seed: number, by: Design): Judged | undefined {
  const file = fileOf(out, kind, seed);
  if (!fs.existsSync(file)) return undefined;
  try {
    const checked = record.safeParse(readSealed(file));
    if (!checked.success) throw new Damaged(file, checked.error.issues[0].message);
    const { claims, made } = checked.data;
    if (made !== makeOf(by, seed)) return undefined;
    const asked = by.asks.flat();
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

/** Keeps what was found in a world. */
export function keepRecord(out: string, { world, seed, claims }: Judged, by: Design): void {
  const asked = by.asks.flat();
  const told = ({ question, ...claim }: Claim) => ({ ...claim, question: asked.indexOf(question) });
  writeSealed(fileOf(out, world, seed), { made: makeOf(by, seed), claims: claims.map(told) });
}
