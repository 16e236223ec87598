/** Inputs of a run: parameters, a folder, and room for processes. Loads no TensorFlow. */
import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { UserError } from '../../base/userError';
import { inProject } from '../../setup/tools/project';

/** Default output folder of a run (absolute). */
export const folderOf = (data: string, preset: string, precision: string): string =>
  inProject('figures/runs', `${data}-${preset}${precision === 'float32' ? '' : `-${precision}`}`);

/** Bytes that the system or a cgroup leaves to this process. */
export const availableMemory = (): number =>
  (process as NodeJS.Process & { availableMemory: () => number }).availableMemory();

/** How many processes of so many threads and bytes fit side by side, at least one. */
export const fitting = (threads: number, bytes: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / threads), Math.floor(availableMemory() / bytes)));

/** Checks the parameters of a notebook's first cell. Throws a UserError that names the parameter, what was found and what was expected. */
export function checkedParameters<S extends z.ZodObject>(
  schema: S,
  parameters: Readonly<Record<string, unknown>>,
): z.infer<S> {
  const checked = schema.safeParse(parameters);
  if (checked.success) return checked.data;
  const [{ path: at, message, code }] = checked.error.issues;
  const known = `; expected ${Object.keys(schema.shape).join(', ')}`;
  const isUnknown = code === 'unrecognized_keys' && at.length === 0;
  throw new UserError(`${['parameters', ...at].join('.')}: ${message}${isUnknown ? known : ''}`);
}
