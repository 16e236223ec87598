import path from 'node:path';
import { counted } from '../../base/counted';
import { inProject, namesBelow } from '../../setup/tools/project';
import { runChild } from '../child';
import { isStopped, runCommand, STOPPED } from './program';

/** One process: a headline and what node runs for it. */
type Check = { readonly headline: string; readonly args: readonly string[] };

/** Processes at a time: two suit two cores. */
const AT_ONCE = 2;

const TSC = inProject('node_modules/typescript/bin/tsc');
const TSLAB_TSC = inProject('node_modules/@tslab/typescript-for-tslab/bin/tsc');

const tools: readonly Check[] = [
  { headline: 'Types, strict', args: [TSC, '-p', '.'] },
  { headline: 'Types, in a notebook', args: [TSLAB_TSC, '-p', 'lib/cli/tsconfig.tslab.json'] },
  { headline: 'Style', args: [inProject('node_modules/@biomejs/biome/bin/biome'), 'check'] },
];

/** Tests that start programs, kernels or browsers, or train for long: a process for each file. */
const LONG = '.long.test.ts';
/** Tests that replace the kernel, each in its own way: a process for each file. */
const APART = 'notebook/';

/** Tests by process: long ones first, then the folders with most tests. */
function tests(all: boolean): Check[] {
  const processes = new Map<string, string[]>();
  const files = namesBelow(inProject('test')).filter((name) => name.endsWith('.test.ts'));
  for (const name of files.filter((file) => all || !file.endsWith(LONG))) {
    const isAlone = name.endsWith(LONG) || name.startsWith(APART);
    const own = isAlone ? name.replace('.test.ts', '') : path.dirname(name).split('/')[0];
    processes.set(own, [...(processes.get(own) ?? []), path.join('test', name)]);
  }
  const weightOf = ([own, names]: readonly [string, string[]]) =>
    own.endsWith('.long') ? Infinity : names.length;
  const byWeight = [...processes].sort((a, b) => (weightOf(b) > weightOf(a) ? 1 : -1));
  const runner = ['--import', 'tsx', '--test-reporter=spec', inProject('test/group.ts')];
  return byWeight.map(([own, names]) => ({ headline: `Tests of ${own}`, args: [...runner, ...names] }));
}

/** Without npm's options: a test that starts a command would take those of `npm test` or of npx for the command's. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_')));

/** How many tests a process says that it ran. */
const TESTS = /^ℹ tests (\d+)$/gm;

/** Runs every check, also after one that failed, and prints the output of each when it ends. */
async function runChecks({ all = false }: { readonly all?: boolean }): Promise<number> {
  const start = performance.now();
  const failed: string[] = [];
  let [count, isEnded] = [0, false];
  const waiting = [...tools, ...tests(all)];
  const work = async () => {
    for (let check = waiting.shift(); check && !isEnded; check = waiting.shift()) {
      let said = '';
      const onOutput = (text: string) => {
        said += text;
      };
      const exitCode = await runChild(process.execPath, check.args, { env: environment(), onOutput });
      console.log(`\n== ${check.headline}\n${said}`);
      for (const [, tests] of said.matchAll(TESTS)) count += Number(tests);
      if (exitCode !== 0) failed.push(check.headline);
      isEnded ||= isStopped(exitCode);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (isEnded) return STOPPED;
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(`\n${counted(count, 'test')} in ${minutes} minutes`);
  console.log(failed.length === 0 ? 'All checks passed' : `Failed: ${failed.join('; ')}`);
  return failed.length === 0 ? 0 : 1;
}

runCommand(runChecks);
