import { availableParallelism } from 'node:os';

/** Bytes that the system or a cgroup leaves to this process. */
export function availableMemory(): number {
  return (process as NodeJS.Process & { availableMemory: () => number }).availableMemory();
}

/** How many processes of so many threads and bytes fit side by side, at least one. */
export const fitting = (threads: number, bytes: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / threads), Math.floor(availableMemory() / bytes)));
