/** What a question's runs leave behind, without training. */
import { factsOf } from '../../lib/data/tasks/facts';
import type { Task } from '../../lib/data/tasks/tasks';
import type { CompletedRun } from '../../lib/experiments/documents/completedRun';
import type { Result } from '../../lib/experiments/documents/document';
import type { Planned } from '../../lib/experiments/methods/experiment';
import { type Pair, pairsOf } from '../../lib/experiments/resolve/pairs';
import { resolve } from '../../lib/experiments/resolve/resolve';
import { taskRecord } from '../../lib/experiments/resolve/tasks';
import type { TrunkName } from '../../lib/model/trunks/names';
import type { Table } from '../../lib/report/table/table';
import { pretrained } from '../evidence/pretrainedTrunk';
import { preset } from '../experiments/recipes/tinyTasks';
import { leave, sampleResult, sampleTasks } from '../report/sampleResults';

const USERS = ['a', 'b', 'c', 'd'];

const metricsOf = ({ kind }: Task) =>
  kind === 'classify' ? { Acc: 0.5, AUC: 0.6, LogLoss: 0.7 } : { 'HR@5': 0.5, 'MRR@5': 0.5 };

/** Two of four users are odd and all are taken for even, or two of four find their item first and the others tenth. */
function rowsOf({ kind }: Task) {
  const found = (row: number) =>
    kind === 'classify'
      ? { label: row < 2 ? 'even' : 'odd', predicted: 'even' }
      : { label: 'news0', rank: row < 2 ? 1 : 10, full_rank: row < 2 ? 1 : 10 };
  return USERS.map((user_id, row) => ({ row, user_id, ...found(row) }));
}

function resultOf({ task, experiment }: Pair): Result {
  const test = metricsOf(task);
  const point = { step: 10, epoch: 1, seconds: 1, loss: 1, valid: {}, test };
  const curve = experiment.kind === 'most frequent' ? [] : [point];
  const result = sampleResult({ task: task.name, method: experiment, seed: 1, test }, curve);
  const { record } = taskRecord(task, experiment, preset);
  return { ...result, declared: experiment, declaration: record };
}

/** Leaves a document of each planned experiment on its tasks, for one seed, and one of each trunk that they start from. */
export function wholeRun(
  out: string,
  planned: readonly Planned[],
  tasks: readonly Task[] = sampleTasks,
): CompletedRun {
  const results = pairsOf(tasks, planned).map((pair) => leave(out, resultOf(pair), rowsOf(pair.task)));
  const jobs = resolve(planned, { data: 'sample', tasks, preset, seeds: 1 });
  const pretraining = jobs
    .filter(({ record }) => record.kind === 'trunk')
    .map(({ about: { task, trunk, pretraining } }) =>
      pretrained(out, trunk as TrunkName, { a: [1, 2] }, { source: task, pretraining }),
    );
  return { out, tasks: tasks.map(factsOf), results, pretraining };
}

export const methodsIn = ({ rows }: Table) => rows.map(({ method }) => method);
