import { mean } from 'simple-statistics';
import { type Histories, historyOf } from '../loading/histories';
import type { Task } from '../tasks/tasks';

/** What source sequences hold that came after the target item which is to be told from them. */
export interface Hindsight {
  /** Share of the target instances whose source sequence holds such an item. */
  readonly instances: number;
  /** Share of such items in the source sequence of an instance, the mean over instances. */
  readonly items: number;
}

/**
 * Of a recommendation task, by the order of the histories. Null for a classification task, on a timeline, where nothing came after the
 * target, and where the interactions lack all targets that a split file names.
 */
export function hindsightOf(histories: Histories, task: Task): Hindsight | null {
  if (task.kind === 'classify' || task.parts !== undefined) return null;
  const read = readings(histories, task);
  const shares = task.instances.flatMap(({ user, label }) => {
    const { history, places } = read(user);
    const target = history.indexOf(histories.itemCodes.get(task.labels[label]) ?? -1);
    return target < 0 ? [] : [places.filter((place) => place > target).length / places.length];
  });
  if (shares.length === 0) return null;
  return { instances: shares.filter((share) => share > 0).length / shares.length, items: mean(shares) };
}

/** The history of a source user, and at which of its places his source sequence stands: those of its latest source items. */
function readings(histories: Histories, { source }: Task) {
  const codeOf = new Map(histories.users.map((id, code) => [id, code]));
  const isSource = new Set(source.items.map((id) => histories.itemCodes.get(id)));
  return (user: number) => {
    const history = historyOf(histories, codeOf.get(source.users[user]) as number);
    const places = [...history.keys()].filter((place) => isSource.has(history[place]));
    return { history, places: places.slice(-source.length) };
  };
}
