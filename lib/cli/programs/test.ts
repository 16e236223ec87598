import fs from 'node:fs';
import path from 'node:path';
import { inProject } from '../../setup/tools/project';
import { runChild } from '../child';
import { runCommand } from './runCommand';

/** One check: a headline and what node runs for it. */
interface Check {
  readonly headline: string;
  readonly args: readonly string[];
}

/** Each test file is a process with a TensorFlow of its own; two at a time suit two cores. */
const CONCURRENCY = 2;

const checks = (): readonly Check[] => [
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
  {
    headline: 'Tests',
    args: [
      ...['--import', 'tsx', '--test', `--test-concurrency=${CONCURRENCY}`],
      '--test-reporter=spec', // says at its end what failed
      ...testFiles(inProject('test')),
    ],
  },
];

/** Without npm's options: a test that starts a command would take those of `npm test` or of an npx around it for the command's. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_')));

/** Runs every check, also after one that failed. */
async function runChecks(): Promise<number> {
  const failed: string[] = [];
  for (const { headline, args } of checks()) {
    console.log(`\n== ${headline}`);
    if ((await runChild(process.execPath, args, environment())) !== 0) failed.push(headline);
  }
  console.log(failed.length === 0 ? '\nAll checks passed' : `\nFailed: ${failed.join('; ')}`);
  return failed.length === 0 ? 0 : 1;
}

function testFiles(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name));
}

runCommand(runChecks);
