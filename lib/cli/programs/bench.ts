import { measure } from '../../bench/benchmark';
import { benchmarks } from '../../bench/cases';
import { formatEngine, formatReport, HEADER } from '../../bench/report';
import { setUpPeer } from '../../setup/parts/benchPeer';
import { runCommand } from './runCommand';

interface Options {
  /** One of the choices that `commands.js` declares. */
  readonly benchmark?: keyof typeof benchmarks | 'engine';
  readonly json?: boolean;
}

/** Progress goes to stderr: stdout holds results only. */
const say = (line: string) => console.error(line);

async function bench({ benchmark, json }: Options): Promise<number> {
  if (benchmark === undefined) console.log(listing());
  else if (benchmark === 'engine') await reportEngine(json);
  else await compareWithPeer(benchmark, json);
  return 0;
}

function listing(): string {
  return `npm run bench -- NAME, where NAME is ${[...Object.keys(benchmarks), 'engine'].join(', ')}`;
}

async function reportEngine(json?: boolean): Promise<void> {
  const { measureEngine } = await import('../../bench/engine'); // only here does this process need TensorFlow
  const report = await measureEngine();
  console.log(json ? JSON.stringify(report) : formatEngine(report));
}

async function compareWithPeer(name: keyof typeof benchmarks, json?: boolean): Promise<void> {
  await setUpPeer(say);
  if (!json) console.log(HEADER);
  for (const comparison of benchmarks[name]) {
    const report = await measure(name, comparison, say);
    console.log(json ? JSON.stringify(report) : formatReport(report));
  }
}

runCommand(bench);
