/** The processes of this machine, as Linux shows them under /proc, and waiting for what they do. */
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** All processes that a process has started, and those that these have started. */
export function descendants(pid: number): number[] {
  const children = fs.readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOf(pid, thread));
  return children.flatMap((child) => [child, ...(isRunning(child) ? descendants(child) : [])]);
}

function childrenOf(pid: number, thread: string): number[] {
  const list = fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
  return list.split(' ').filter(Boolean).map(Number);
}

/** A process that has ended has no command line, also while its parent has not asked for its exit code. */
export function isRunning(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

/** Returns when the condition holds; throws when it still does not after so many seconds. */
export async function until(condition: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${condition}`);
    await delay(20);
  }
}
