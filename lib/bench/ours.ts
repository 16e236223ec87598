/** Our side of a benchmark, a process of its own: one JSON request a line on stdin, one answer a line on stdout. */
import fs from 'node:fs';
import readline from 'node:readline';
import { saveWeights } from '../modelFiles/safetensors';
import { threads } from '../tensorflow/native';
import { bf16, isa } from '../tensorflow/ops/kernels';
import type { Tree, Weight } from '../tensorflow/weights';
import { type Declared, declare, type Run } from './ourCases';
import type { Answer, Request } from './worker';

/** Peak resident memory of this process in MB. */
function peakMemory(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** A batch as safetensors hold it; integers up to 2²⁴ are exact in float32. */
const asWeights = (batch: object): Tree<Weight> =>
  Object.fromEntries(
    Object.entries(batch).map(([name, values]) => [
      name,
      { shape: [values.length], values: Float32Array.from(values) },
    ]),
  );

/** Writes the weights and one batch for the peer, and takes `steps` steps on that batch. */
function check({ weights, next, compile }: Declared, file: string, steps: number): number[] {
  const [batch] = next();
  saveWeights(file, { weights, batch: asWeights(batch) });
  const run = compile();
  return Array.from({ length: steps }, () => run(batch));
}

type Opened = { readonly next: Declared['next']; readonly run: Run };

/** Compiles a case and keeps nothing of its initial weights. */
function open({ next, compile }: Declared): Opened {
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
    case 'open':
      opened = open(declare(request.case));
      return { name: 'ours', threads, isa: request.case.precision === 'bf16' ? bf16 : isa };
    case 'run':
      return { ms: time(opened, request.steps), mb: peakMemory() };
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line) as Request)));
});
