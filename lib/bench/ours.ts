/** Our side of a benchmark, a process of its own: one JSON request a line on stdin, one answer a line on stdout. */
import fs from 'node:fs';
import readline from 'node:readline';
import { threads } from '../engine/native';
import { bf16, isa } from '../engine/ops/kernels';
import type { Batch } from '../engine/program/program';
import { leaves, type Weight } from '../engine/weights';
import { saveWeights } from '../model/files/safetensors';
import { type Declared, declare, type Run } from './ourCases';
import type { Answer, Request } from './worker';

/** Peak resident memory of this process in MB. */
function peakMemory(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** A batch as safetensors hold it; integers up to 2²⁴ are exact in float32. */
const asWeights = (batch: Batch, { inputs }: Declared): Record<string, Weight> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [
      name,
      { shape, values: Float32Array.from(batch[name]) },
    ]),
  );

/** Writes the weights and one batch for the peer, and takes `steps` steps on that batch. */
function check(declared: Declared, file: string, steps: number): number[] {
  const [batch] = declared.next();
  saveWeights(file, { weights: declared.weights, batches: [[asWeights(batch, declared)]] });
  const run = declared.compile();
  return Array.from({ length: steps }, () => run(batch));
}

/** Steps whose batches the peer is given to run in turn. */
const READY_STEPS = 8;

type Opened = { readonly next: Declared['next']; readonly run: Run };

/** Writes batches for the peer and compiles a case; its initial weights are not kept. */
function open(declared: Declared, file: string): Opened {
  const { next, compile } = declared;
  const steps = Array.from({ length: READY_STEPS }, () => next().map((batch) => asWeights(batch, declared)));
  saveWeights(file, steps);
  return { next, run: compile() };
}

/** Milliseconds a step. */
function time({ next, run }: Opened, steps: number): number {
  const start = performance.now();
  for (let step = 0; step < steps; step++) for (const batch of next()) run(batch);
  return (performance.now() - start) / steps;
}

let opened: Opened;

function answer(request: Request): Answer {
  switch (request.do) {
    case 'check':
      return { losses: check(declare(request.case), request.file, request.steps) };
    case 'open': {
      const declared = declare(request.case);
      const shapes = Object.fromEntries(leaves(declared.weights).map(([path, { shape }]) => [path, shape]));
      opened = open(declared, request.file);
      return { name: 'ours', threads, isa: request.case.precision === 'bf16' ? bf16 : isa, shapes };
    }
    case 'run':
      return { ms: time(opened, request.steps), mb: peakMemory() };
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line) as Request)));
});
