import { spawnSync } from 'node:child_process';

/** Runs the script of a command with options as `launch.js` hands them over. */
export function runScript(command: string, options: object, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(
    process.execPath,
    ['--import', 'tsx', `lib/cli/programs/${command}.ts`, JSON.stringify(options)],
    { encoding: 'utf8', env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...env } },
  );
}

/** The objects of a file of JSON lines. */
export const parsed = <T>(text: string): T[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
