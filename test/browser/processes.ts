/** The processes of this machine, as Linux shows them under /proc, and waiting for what they do. */
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** All processes that a process has started, and those that these have started. */
export function descendants(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => childrenOf(pid, thread));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const threadsOf = (pid: number) => unlessGone(() => fs.readdirSync(`/proc/${pid}/task`)) ?? [];

function childrenOf(pid: number, thread: string): number[] {
  const list = unlessGone(() => fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
  return list.split(' ').filter(Boolean).map(Number);
}

/** Processes and threads may end at any moment, also between two looks at them. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** A process that has ended has no command line, also while its parent has not asked for its exit code. */
export function isRunning(pid: number): boolean {
  return (unlessGone(() => fs.readFileSync(`/proc/${pid}/cmdline`))?.length ?? 0) > 0;
}

/** The descendants that run a program, told by a part of its file's name. */
export const running = (program: string, of: number): number[] =>
  descendants(of).filter((pid) =>
    unlessGone(() => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.includes(program),
  );

/** Processes that train for this one. */
export const trainers = (): number[] => running('workers/trainer', process.pid);

/** Returns when the condition holds; throws when it still does not after so many seconds. */
export async function until(condition: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${condition}`);
    await delay(20);
  }
}
