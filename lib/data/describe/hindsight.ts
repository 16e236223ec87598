import { mean } from 'simple-statistics';
import { type Histories, historyOf } from '../loading/histories';
import type { Task } from '../tasks/tasks';

/** How much of the source sequences came after the target item that is to be predicted from them. */
export interface Hindsight {
  /** Share of the target instances whose source sequence has such an item. */
  readonly instances: number;
  /** Share of such items in a source sequence, the mean over instances. */
  readonly items: number;
}

/**
 * Of a recommendation task, by the order of the histories. Null for a classification task, on a timeline, and where the
 * interactions lack all targets of a split file.
 */
export function hindsightOf(histories: Histories, task: Task): Hindsight | null {
  const { kind, parts, source, labels, instances } = task;
  if (kind === 'classify' || parts !== undefined) return null;
  const codeOf = new Map(histories.users.map((id, code) => [id, code]));
  const isSource = new Set(source.items.map((id) => histories.itemCodes.get(id)));
  const shares = instances.flatMap(({ user, label }) => {
    const history = historyOf(histories, codeOf.get(source.users[user]) as number);
    const places = [...history.keys()].filter((place) => isSource.has(history[place])).slice(-source.length);
    const target = history.indexOf(histories.itemCodes.get(labels[label]) ?? -1);
    return target < 0 ? [] : [places.filter((place) => place > target).length / places.length];
  });
  if (shares.length === 0) return null;
  return { instances: shares.filter((share) => share > 0).length / shares.length, items: mean(shares) };
}
