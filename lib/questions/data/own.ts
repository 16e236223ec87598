/** Your own data: what it takes to run the methods on it. */
import { op } from 'arquero';
import { UserError } from '../../base/userError';
import { describeDataset } from '../../data/describe/describe';
import { formatDescription } from '../../data/describe/formatDescription';
import { type Dataset, loadDataset } from '../../data/loading/dataset';
import { openDataset, tryTasks } from '../../data/open';
import { initCard } from '../../data/propose/init';
import type { Reason } from '../../data/propose/roles';
import { type CompletedRun, withOthers } from '../../experiments/documents/completedRun';
import { inBestSetting } from '../../experiments/methods/best';
import type { Experiment, Planned } from '../../experiments/methods/experiment';
import { causal } from '../../experiments/methods/family';
import { opponents, untrained } from '../../experiments/opponents/opponents';
import { methodsTable } from '../../report/table/methodsTable';
import type { Table } from '../../report/table/table';
import { inProject } from '../../setup/tools/project';

/**
 * The tables of a data set that stands in for one's own. Its interactions are in order and without times: rows are numbered in their
 * place. Throws a UserError where it has no users or no items.
 */
export function standIn(data: string): {
  readonly [table in 'interactions' | 'users' | 'items']: NonNullable<Dataset[table]>;
} {
  const { interactions, users, items } = loadDataset(data);
  if (!users || !items)
    throw new UserError(`${data}: expected a data set with a table of users and one of items`);
  return { interactions: interactions.derive({ timestamp: op.row_number() }), users, items };
}

/** Text that `npm run data` prints of a data set. */
export function description(folder: string): string {
  const { dataset, tasks } = openDataset(folder);
  return formatDescription(describeDataset(dataset, tasks));
}

/** A card for the tables of a folder, with the reason of each choice as `npm run data -- init` prints it. */
export async function proposal(folder: string): Promise<readonly Reason[]> {
  const { reasons } = await initCard(inProject(folder));
  return reasons.length > 0 ? reasons : [{ what: 'dataset.json', why: 'was there and works: it was kept' }];
}

/** Error message of a data set, or of other tasks of it, in one line; an error of the program itself is thrown on. */
export function complaintAbout(folder: string, tasks?: object): string {
  try {
    const { dataset } = openDataset(folder);
    if (tasks) tryTasks(dataset, tasks);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'nothing to complain about';
}

const experiments: readonly Experiment[] = [
  ...untrained,
  opponents.BagOfItems,
  inBestSetting(causal.PeterRec),
];

/** The most frequent label, logistic regression on a bag of items, and PeterRec in the best setting. */
export const runs: readonly Planned[] = [{ on: 'all', experiments }];

export const table = ({ results }: CompletedRun): Table =>
  methodsTable(
    {
      name: 'own-data',
      caption: 'The most frequent label, logistic regression on a bag of items, and PeterRec.',
      methods: withOthers(experiments, results),
    },
    results,
  );
