import type { Task } from './tasks';

/** The quarter of a task's users that one stands in by the length of their source sequences: 1 has the shortest, 4 the longest. */
export function historyQuarters({ instances, source }: Task): (user: number) => number {
  const users = [...new Set(instances.map(({ user }) => user))];
  const lengths = users.map((user) => source.sequences[user].length).sort((a, b) => a - b);
  const bounds = [1, 2, 3].map((quarter) => lengths[Math.floor((quarter * lengths.length) / 4)]);
  return (user) => 1 + bounds.filter((bound) => source.sequences[user].length >= bound).length;
}
