import { MINUTES, measure, type Report } from '../../bench/benchmark';
import { benchmarks } from '../../bench/cases';
import { changeOf, type Earlier, formatChange, readEarlier, sameLine } from '../../bench/earlier';
import { formatEngine, formatReport, HEADER } from '../../bench/report';
import { counted } from '../../counted';
import { setUpPeer } from '../../setup/parts/ownEnvironment';
import { UserError } from '../../userError';
import { runCommand } from './program';

interface Options {
  /** One of the choices that `commands.js` declares. */
  readonly benchmark?: Name | 'engine';
  readonly json?: boolean;
  /** An absolute file. */
  readonly compare?: string;
}

/** Progress goes to stderr: stdout holds results only. */
const say = (line: string) => console.error(line);

/** Ends with 1 if a line is slower than in the earlier file. */
async function bench({ benchmark, json = false, compare }: Options): Promise<number> {
  if (compare !== undefined && (benchmark === undefined || benchmark === 'engine'))
    throw new UserError('--compare: expected the name of a benchmark that has a peer');
  if (benchmark === undefined) console.log(listing());
  else if (benchmark === 'engine') await reportEngine(json);
  else return compareWithPeer(benchmark, json, compare);
  return 0;
}

const listing = (): string =>
  `npm run bench -- NAME, where NAME is ${Object.keys(benchmarks).join(', ')} (at most ${MINUTES} minutes each) or engine (half a minute)`;

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
  let slower = 0;
  for (const comparison of benchmarks[name]) {
    const report = await measure(name, comparison, MINUTES / benchmarks[name].length, say);
    const before = sameLine(report, earlier);
    console.log(textOf(report, before, json));
    if (compare && !before) say(`${compare} has no line of ${name}, ${comparison.size}`);
    if (before && changeOf(report, before) === 'slower') slower++;
  }
  return slower > 0 ? 1 : 0;
}

/** Throws a UserError for a precision that this machine does not train in. */
async function requirePrecisions(name: Name): Promise<void> {
  const precisions = new Set(benchmarks[name].map(({ measured }) => measured.precision));
  if (!precisions.has('bf16')) return;
  const { refusalOf } = await import('../../tensorflow/ops/kernels.js'); // only then does this process need TensorFlow
  const refusal = refusalOf('bf16');
  if (refusal) throw new UserError(refusal);
}

function textOf(report: Report, before: Earlier | undefined, json: boolean): string {
  if (!json) return [formatReport(report), ...(before ? [formatChange(report, before)] : [])].join('\n');
  return JSON.stringify(before ? { ...report, earlier: before, change: changeOf(report, before) } : report);
}

runCommand(bench);
