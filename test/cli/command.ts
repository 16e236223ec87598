import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { commands } from '../../lib/cli/commands';
import { readOptions } from '../../lib/cli/options';

/** Runs a command as npm does. */
export const main = (...args: string[]) =>
  spawnSync(process.execPath, [path.resolve('lib/cli/main.js'), ...args], { encoding: 'utf8' });

export const read = (command: string, ...args: string[]) => readOptions(commands[command], args);

/** A command, its arguments, and the start of the message that refuses them: the option, its value, what was expected. */
export type Mistake = readonly [command: string, args: readonly string[], message: RegExp];

export async function requireRefused(mistakes: readonly Mistake[]): Promise<void> {
  for (const [command, args, message] of mistakes)
    await assert.rejects(read(command, ...args), { message }, `${command} ${args.join(' ')}`);
}
