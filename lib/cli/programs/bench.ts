import { formatReport, HEADER, MINUTES, measure } from '../../bench/benchmark';
import { benchmarks } from '../../bench/cases';
import { setUpPeer } from '../../setup/parts/benchPeer';
import { UserError } from '../../userError';
import { runCommand } from './runCommand';

interface Options {
  /** One of the choices that `commands.js` declares. */
  readonly benchmark?: keyof typeof benchmarks;
  readonly json?: boolean;
}

/** Progress goes to stderr: stdout holds results only. */
const say = (line: string) => console.error(line);

async function bench({ benchmark, json = false }: Options): Promise<number> {
  if (benchmark === undefined) console.log(listing());
  else await compareWithPeer(benchmark, json);
  return 0;
}

const linesOf = (name: keyof typeof benchmarks) =>
  benchmarks[name].length === 1 ? '1 line' : `${benchmarks[name].length} lines`;

function listing(): string {
  const names = Object.keys(benchmarks) as (keyof typeof benchmarks)[];
  const lines = names.map((name) => `  ${name.padEnd(18)} ${linesOf(name)}, at most ${MINUTES} minutes`);
  return ['npm run bench -- NAME, where NAME is', ...lines].join('\n');
}

async function compareWithPeer(name: keyof typeof benchmarks, json: boolean): Promise<void> {
  await requirePrecisions(name);
  await setUpPeer(say);
  say(`${name}: ${linesOf(name)}, at most ${MINUTES} minutes`);
  if (!json) console.log(HEADER);
  for (const comparison of benchmarks[name]) {
    const report = await measure(name, comparison, MINUTES / benchmarks[name].length, say);
    console.log(json ? JSON.stringify(report) : formatReport(report));
  }
}

/** Throws a UserError where a line is in a precision that is not to be had here. */
async function requirePrecisions(name: keyof typeof benchmarks): Promise<void> {
  if (!benchmarks[name].some(({ measured }) => measured.precision === 'bf16')) return;
  const { refusalOf } = await import('../../tensorflow/ops/kernels.js'); // only then does this process need TensorFlow
  const refusal = refusalOf('bf16');
  if (refusal) throw new UserError(refusal);
}

runCommand(bench);
