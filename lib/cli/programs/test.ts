import fs from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { counted } from '../../counted';
import { inProject } from '../../setup/tools/project';
import { runChildInto } from '../child';
import { runCommand } from './runCommand';
import { type Output, sideBySide } from './sideBySide';
import { STOPPED } from './stop';

interface Options {
  /** What takes long too: browsers, all notebooks, survival, instruction sets. */
  readonly all?: boolean;
}

/** One process: a headline and what node runs for it. */
interface Check {
  readonly headline: string;
  readonly args: readonly string[];
}

/** Processes at a time: two suit two cores. */
const AT_ONCE = 2;

const tools: readonly Check[] = [
  { headline: 'Types, strict', args: [inProject('node_modules/typescript/bin/tsc'), '-p', '.'] },
  {
    headline: 'Types, as the notebook kernel sees them',
    args: [
      inProject('node_modules/@tslab/typescript-for-tslab/bin/tsc'),
      '-p',
      'lib/cli/tsconfig.tslab.json',
    ],
  },
  {
    headline: 'Types, of what a front end runs',
    args: [inProject('node_modules/typescript/bin/tsc'), '-p', 'lib/notebook/live/front'],
  },
  { headline: 'Style', args: [inProject('node_modules/@biomejs/biome/bin/biome'), 'check'] },
];

/** Of tests that start programs, kernels or browsers, or train for long: each file has a process of its own. */
const LONG = '.long.test.ts';

function testFiles(): string[] {
  const names = fs.readdirSync(inProject('test'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.test.ts')).sort();
}

const testsIn = (headline: string, names: readonly string[]): Check => ({
  headline,
  args: [
    ...['--import', 'tsx', '--test-reporter=spec', inProject('test/group.ts')],
    ...names.map((name) => path.join('test', name)),
  ],
});

/** Whose tests stand in for the kernel, each in its own way: a process for each file. */
const APART = 'notebook/';

/** The tests of each folder in one process, the folders with most tests first. */
function quickTests(): Check[] {
  const rooms = new Map<string, string[]>();
  for (const name of testFiles().filter((file) => !file.endsWith(LONG))) {
    const room = name.startsWith(APART) ? name : name.includes('/') ? name.split('/')[0] : 'the whole';
    rooms.set(room, [...(rooms.get(room) ?? []), name]);
  }
  const byCount = [...rooms].sort(([, a], [, b]) => b.length - a.length);
  return byCount.map(([room, names]) => testsIn(`Tests of ${room}`, names));
}

const longTests = (): Check[] =>
  testFiles()
    .filter((name) => name.endsWith(LONG))
    .map((name) => testsIn(`Tests of ${name.slice(0, -LONG.length)}`, [name]));

/** Without npm's options: a test that starts a command would take those of `npm test` or of an npx around it for the command's. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_')));

/** How many tests a process says that it ran. */
const TESTS = /^ℹ tests (\d+)$/gm;

/** Runs every check, also after one that failed. */
async function runChecks({ all }: Options): Promise<number> {
  const start = performance.now();
  const failed: string[] = [];
  let tests = 0;
  const runOne = async ({ headline, args }: Check, { stdout, stderr }: Output) => {
    stdout.write(`\n== ${headline}\n`);
    let said = '';
    const heard = new Writable({
      write: (chunk, _encoding, done) => {
        said += chunk;
        stdout.write(chunk, done);
      },
    });
    const exitCode = await runChildInto(process.execPath, args, environment(), { stdout: heard, stderr });
    for (const [, count] of said.matchAll(TESTS)) tests += Number(count);
    if (exitCode !== 0) failed.push(headline);
    return exitCode;
  };
  const checks = [...tools, ...(all ? longTests() : []), ...quickTests()];
  if (await sideBySide(checks, runOne, AT_ONCE)) return STOPPED;
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(`\n${counted(tests, 'test')} in ${minutes} minutes`);
  console.log(failed.length === 0 ? 'All checks passed' : `Failed: ${failed.join('; ')}`);
  return failed.length === 0 ? 0 : 1;
}

runCommand(runChecks);
