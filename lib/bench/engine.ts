/** What the engine claims of itself, without a peer. */
import { setImmediate } from 'node:timers/promises';
import { backend, tf } from '../tensorflow/native';
import { benchmarks, type Case } from './cases';
import { declare } from './ourCases';

export type EngineReport = {
  readonly name: 'engine';
  /** Recording and loading the training step of 16 layers at k = 256. */
  readonly compile_ms: number;
  /** Share of such a step outside TensorFlow's session, in [0, 1]. */
  readonly javascript_share: number;
  /** Tensors, and MB of resident memory, at step 1,000 less those at step 100. */
  readonly tensor_growth: number;
  readonly memory_growth_mb: number;
};

const [WIDE, , SMALL] = benchmarks['train-step'].map(({ measured }) => measured);
const [WARM_UP, STEPS] = [3, 20];

/** Runs `body` and returns the milliseconds that it spent in sessions. The addon's own functions cannot be replaced. */
function inSession(body: () => void): number {
  const { binding } = backend;
  let ms = 0;
  const runSavedModel: typeof binding.runSavedModel = (...args) => {
    const start = performance.now();
    const outputs = binding.runSavedModel(...args);
    ms += performance.now() - start;
    return outputs;
  };
  Object.assign(backend, { binding: Object.create(binding, { runSavedModel: { value: runSavedModel } }) });
  try {
    body();
  } finally {
    Object.assign(backend, { binding });
  }
  return ms;
}

/** A compiled case: how long compiling took, and a function that takes a number of steps. */
function compiled(measured: Case) {
  const { next, compile } = declare(measured);
  const start = performance.now();
  const run = compile();
  const compile_ms = performance.now() - start;
  const steps = (count: number) => {
    for (let step = 0; step < count; step++) next().forEach(run);
  };
  return { compile_ms, steps };
}

function speed(): Pick<EngineReport, 'compile_ms' | 'javascript_share'> {
  const { compile_ms, steps } = compiled(WIDE);
  steps(WARM_UP);
  const start = performance.now();
  const session = inSession(() => steps(STEPS));
  const whole = performance.now() - start;
  return { compile_ms, javascript_share: (whole - session) / whole };
}

async function growth(): Promise<Pick<EngineReport, 'tensor_growth' | 'memory_growth_mb'>> {
  const { steps } = compiled(SMALL);
  const after = async (count: number) => {
    for (let step = 0; step < count; step++) {
      steps(1);
      await setImmediate(); // as between the steps of a training run
    }
    return { tensors: tf.memory().numTensors, bytes: process.memoryUsage.rss() };
  };
  const early = await after(100);
  const late = await after(900);
  return {
    tensor_growth: late.tensors - early.tensors,
    memory_growth_mb: (late.bytes - early.bytes) / 2 ** 20,
  };
}

export async function measureEngine(): Promise<EngineReport> {
  return { name: 'engine', ...speed(), ...(await growth()) };
}
