import { counted } from '../../base/counted';
import { UserError } from '../../base/userError';
import { formatReport, HEADER, MINUTES, measure } from '../../bench/benchmark';
import { benchmarks } from '../../bench/cases';
import { peer } from '../../setup/parts/ownEnvironment';
import { runCommand } from './program';

interface Options {
  /** One of the choices that `commands.js` declares. */
  readonly benchmark?: keyof typeof benchmarks;
  readonly json?: boolean;
}

/** Progress goes to stderr: stdout holds results only. */
const say = (line: string) => console.error(line);

async function bench({ benchmark: name, json = false }: Options): Promise<number> {
  if (name === undefined) {
    const names = Object.keys(benchmarks).join(', ');
    console.log(`npm run bench -- NAME, where NAME is ${names} (at most ${MINUTES} minutes each)`);
    return 0;
  }
  await requirePrecisions(name);
  await peer.setUp(say);
  say(`${name}: ${counted(benchmarks[name].length, 'line')}, at most ${MINUTES} minutes`);
  if (!json) console.log(HEADER);
  for (const comparison of benchmarks[name]) {
    const report = await measure(name, comparison, MINUTES / benchmarks[name].length, say);
    console.log(json ? JSON.stringify(report) : formatReport(report));
  }
  return 0;
}

/** Throws a UserError for a precision that this machine does not train in. */
async function requirePrecisions(name: keyof typeof benchmarks): Promise<void> {
  if (!benchmarks[name].some(({ measured }) => measured.precision === 'bf16')) return;
  const { refusalOf } = await import('../../engine/ops/kernels.js'); // only then does this process need TensorFlow
  const refusal = refusalOf('bf16');
  if (refusal) throw new UserError(refusal);
}

runCommand(bench);
