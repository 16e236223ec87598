import { formatReport, HEADER, MINUTES, measure } from '../../bench/benchmark';
import { benchmarks } from '../../bench/cases';
import { counted } from '../../counted';
import { setUpPeer } from '../../setup/parts/ownEnvironment';
import { UserError } from '../../userError';
import { runCommand } from './program';

interface Options {
  /** One of the choices that `commands.js` declares. */
  readonly benchmark?: Name | 'engine';
  readonly json?: boolean;
}

/** Progress goes to stderr: stdout holds results only. */
const say = (line: string) => console.error(line);

async function bench({ benchmark, json = false }: Options): Promise<number> {
  if (benchmark === undefined) console.log(listing());
  else await compareWithPeer(benchmark, json);
  return 0;
}

const listing = (): string =>
  `npm run bench -- NAME, where NAME is ${Object.keys(benchmarks).join(', ')} (at most ${MINUTES} minutes each)`;

async function reportEngine(json: boolean): Promise<void> {
  const { measureEngine } = await import('../../bench/engine.js'); // only here does this process need TensorFlow
  const report = await measureEngine();
  console.log(json ? JSON.stringify(report) : formatEngine(report));
}

type Name = keyof typeof benchmarks;

async function compareWithPeer(name: Name, json: boolean, compare?: string): Promise<number> {
  const earlier = compare === undefined ? [] : readEarlier(compare);
  await requirePrecisions(name);
  await setUpPeer(say);
  say(`${name}: ${counted(benchmarks[name].length, 'line')}, at most ${MINUTES} minutes`);
  if (!json) console.log(HEADER);
  for (const comparison of benchmarks[name]) {
    const report = await measure(name, comparison, MINUTES / benchmarks[name].length, say);
    console.log(json ? JSON.stringify(report) : formatReport(report));
  }
}

/** Throws a UserError for a precision that this machine does not train in. */
async function requirePrecisions(name: Name): Promise<void> {
  const precisions = new Set(benchmarks[name].map(({ measured }) => measured.precision));
  if (!precisions.has('bf16')) return;
  const { refusalOf } = await import('../../tensorflow/ops/kernels.js'); // only then does this process need TensorFlow
  const refusal = refusalOf('bf16');
  if (refusal) throw new UserError(refusal);
}

runCommand(bench);
