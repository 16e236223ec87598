/** Our side of a benchmark, a process of its own: one JSON request a line on stdin, one answer a line on stdout. */
import readline from 'node:readline';
import { threads } from '../engine/native';
import { bf16, isa } from '../engine/ops/kernels';
import type { Batch } from '../engine/program/program';
import { leaves, type Weight } from '../engine/weights';
import { saveWeights } from '../model/files/safetensors';
import { readIfThere } from '../setup/tools/project';
import { type Declared, declare, READY_BATCHES, type Run } from './ourCases';
import type { Answer, Request } from './worker';

/** Peak resident memory of this process in MB. Without /proc the system's count, which may begin with the parent's memory. */
function peakMemory(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readIfThere('/proc/self/status') ?? '') ?? [];
  return Number(kilobytes ?? process.resourceUsage().maxRSS) / 1024;
}

let opened: { readonly next: Declared['next']; readonly run: Run };

function answer(request: Request): Answer {
  if (request.do === 'run') {
    const start = performance.now();
    for (let step = 0; step < request.steps; step++) opened.run(opened.next());
    return { ms: (performance.now() - start) / request.steps, mb: peakMemory() };
  }
  const { weights, inputs, next, compile } = declare(request.case);
  /** A batch as safetensors hold it; integers up to 2²⁴ are exact in float32. */
  const asWeights = (batch: Batch): Record<string, Weight> =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }]) => {
        return [name, { shape, values: Float32Array.from(batch[name]) }];
      }),
    );
  if (request.do === 'check') {
    const batch = next();
    saveWeights(request.file, { weights, batches: [asWeights(batch)] });
    const run = compile();
    return { losses: Array.from({ length: request.steps }, () => run(batch)) };
  }
  const batches = Array.from({ length: READY_BATCHES }, () => asWeights(next()));
  saveWeights(request.file, batches);
  opened = { next, run: compile() };
  const shapes = Object.fromEntries(leaves(weights).map(([path, { shape }]) => [path, shape]));
  return { name: 'ours', threads, isa: request.case.precision === 'bf16' ? bf16() : isa(), shapes };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line) as Request)));
});
