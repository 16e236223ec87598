import type { Task } from '../../../lib/data/tasks/tasks';

/** A recommendation task by its known targets: known[u] are the labels of user u, each of them an instance. */
export function taskWith(labelCount: number, known: readonly (readonly number[])[]): Task {
  return {
    name: 'Videos',
    kind: 'recommend',
    metric: 'HR@5',
    source: {
      name: 'Videos',
      items: ['a', 'b'],
      users: known.map((_, user) => `u${user}`),
      sequences: known.map(() => Int32Array.of(1, 2)),
      preceding: known.map(() => new Int32Array(0)),
      length: 2,
    },
    labels: Array.from({ length: labelCount }, (_, label) => `v${label}`),
    instances: known.flatMap((own, user) => own.map((label) => ({ user, label }))),
    known,
    given: undefined,
    dropped: [],
  };
}
