/** One line of a benchmark: both sides started, checked against each other, and timed in turn. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { threads } from '../engine/threads';
import { peer } from '../setup/parts/ownEnvironment';
import { inProject } from '../setup/tools/project';
import type { Case, Comparison } from './cases';
import { alternate, compare, type Timing } from './pairs';
import { Worker } from './worker';

/** The JSON of one line. */
export type Report = { readonly name: string; readonly size: string; readonly peer: string } & Timing & {
    readonly pairs: number;
    readonly threads: number;
    readonly ours_mb: number;
    readonly peer_mb: number;
    /** The instructions of each side. */
    readonly ours_isa: string;
    readonly peer_isa: string;
  };

export type Sides = { readonly ours: Worker; readonly peer: Worker };
type Say = (text: string) => void;

/** Idle threads of a pool spin for a while; the other side waits until they sleep. */
const PAUSE_MS = 250;
/** Steps before timing, and steps that tell how long one takes. */
const [WARM_UP, ESTIMATE] = [1, 2];
/** Milliseconds of each side in a pair and of all pairs of a line, and the range of pairs. */
const [SLICE, BUDGET, FEWEST, MOST] = [600, 60_000, 6, 30];
/** Minutes that a benchmark takes at most; its lines share them. */
export const MINUTES = 5;
/** Largest relative difference of losses. */
export const AGREEMENT = { float32: 1e-3, bf16: 1e-2 } as const;

export function startSides(): Sides {
  // One cache of compiled code for each set of instructions.
  const instructions = process.env.ATEN_CPU_CAPABILITY ?? 'best';
  const cache = { TORCHINDUCTOR_CACHE_DIR: inProject('.cache/bench', instructions) };
  const at = (file: string) => path.join(__dirname, file);
  return {
    // The peer computes on the processor, so ours does.
    ours: Worker.start(process.execPath, ['--import', 'tsx', at('ours.ts')], {
      ...process.env,
      CUDA_VISIBLE_DEVICES: '-1',
    }),
    peer: Worker.start(peer.python, [at('peer.py')], { ...process.env, ...cache }),
  };
}

/** Hands `body` a file that ours writes and the peer reads. */
async function sharedFile<R>(body: (file: string) => Promise<R>): Promise<R> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    return await body(path.join(folder, 'shared.safetensors'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The loss (or mean rank) of both sides before each of `steps` steps from the same weights and batch. */
export const bothLosses = ({ ours, peer }: Sides, tiny: Case, steps: number) =>
  sharedFile(async (file) => {
    const request = { do: 'check', case: tiny, file, steps } as const;
    const { losses } = await ours.ask(request);
    return { ours: losses, peer: (await peer.ask(request)).losses };
  });

async function requireAgreement(sides: Sides, tiny: Case): Promise<void> {
  const losses = await bothLosses(sides, tiny, 3);
  const apart = AGREEMENT[tiny.precision];
  const agree = losses.ours.every((loss, i) => Math.abs(loss - losses.peer[i]) <= apart * Math.abs(loss));
  if (!agree) throw new Error(`${tiny.kind}: ours gives ${losses.ours}, the peer ${losses.peer}`);
}

/** How many steps fill a slice of both sides, how many such pairs fit the milliseconds left, and how long they take. */
export function plan(ours: number, peer: number, left = BUDGET) {
  const steps = Math.max(1, Math.round(SLICE / Math.min(ours, peer)));
  const pair = steps * (ours + peer) + 2 * PAUSE_MS;
  const pairs = Math.min(MOST, Math.max(FEWEST, Math.floor(Math.min(BUDGET, left) / pair)));
  return { steps, pairs, seconds: Math.round((pairs * pair) / 1000) };
}

/** Warms both sides up and times them in turn until `end`, in milliseconds of `performance.now`. */
async function timeInTurn(sides: Sides, end: number, say: Say) {
  const memory = { ours_mb: 0, peer_mb: 0 };
  const run = async (side: keyof Sides, steps: number) => {
    await sleep(PAUSE_MS);
    const { ms, mb } = await sides[side].ask({ do: 'run', steps });
    memory[`${side}_mb`] = mb;
    return ms;
  };
  for (const side of ['ours', 'peer'] as const) await run(side, WARM_UP);
  const estimated = [await run('ours', ESTIMATE), await run('peer', ESTIMATE)] as const;
  const { steps, pairs: count, seconds } = plan(...estimated, end - performance.now());
  say(`${count} pairs of ${steps} steps, about ${seconds} s`);
  return { pairs: await alternate((side) => run(side, steps), count), ...memory };
}

/** Runs one line, in as many minutes. */
export async function measure(
  name: string,
  { size, measured, tiny }: Comparison,
  minutes: number,
  say: Say,
): Promise<Report> {
  const end = performance.now() + 60_000 * minutes;
  const sides = startSides();
  const sayOfThis: Say = (text) => say(`${name}, ${size}: ${text}`);
  try {
    sayOfThis('do both sides compute the same?');
    await requireAgreement(sides, tiny);
    const [ours, peer] = await sharedFile(async (file) => {
      const opening = { do: 'open', case: measured, threads, file } as const;
      sayOfThis('compiling ours');
      const opened = await sides.ours.ask(opening);
      sayOfThis('looking for the quickest form of the peer');
      return [opened, await sides.peer.ask({ ...opening, shapes: opened.shapes })];
    });
    sayOfThis(peer.name);
    const { pairs, ...memory } = await timeInTurn(sides, end, sayOfThis);
    const isas = { ours_isa: ours.isa, peer_isa: peer.isa };
    const timing = { ...compare(pairs, 1), pairs: pairs.length, threads };
    return { name, size, peer: peer.name, ...timing, ...memory, ...isas };
  } finally {
    sides.ours.stop();
    sides.peer.stop();
  }
}

const COLUMNS = [42, 9, 9, 21, 6, 8, 8];
const row = (cells: readonly string[]) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]) : cell.padStart(COLUMNS[i]))).join(' ');

export const HEADER = row(['size', 'ours ms', 'peer ms', 'ratio (95 %)', 'pairs', 'ours MB', 'peer MB']);

/** A line of the table, and under it the peer. */
export function formatReport(report: Report): string {
  const { size, ours_ms, peer_ms, ratio, low, high, pairs, ours_mb, peer_mb } = report;
  const interval = `${ratio.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)})`;
  const times = [ours_ms, peer_ms].map((ms) => ms.toFixed(1));
  const cells = [size, ...times, interval, `${pairs}`, ours_mb.toFixed(0), peer_mb.toFixed(0)];
  const sides = `${report.peer}, ${report.peer_isa}; ours ${report.ours_isa}; ${report.threads} threads`;
  return `${row(cells)}\n  ${sides}`;
}
