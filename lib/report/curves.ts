/** Whether trainings were long enough, from the curves of their documents. */
import { z } from 'zod';
import { carriesChoice, splitInstances } from '../data/tasks/split';
import { methodOf, type Result } from '../experiments/documents/document';
import { type Ran, runsOf } from '../experiments/documents/ran';
import { distinct } from '../experiments/methods/identity';

/** Loss since the best validation result that needs no remark where validation is too small to stop a training. */
const FALLEN = 0.05;

const REMARKS = {
  neverFell:
    'The loss was never below that of the first evaluation; a higher or a lower rate may help (`npm run tune` tries some)',
  cutOff: 'Ended by the budget, before validation had stopped it',
  longFallen:
    'Below its best by more than .05 on validation data at the last pass, where these are too few to stop it',
};

/** What is true of most seeds of a method on a task; undefined where its length fits, or it takes no steps. */
function judge(runs: readonly Result[], isStopped: boolean): keyof typeof REMARKS | undefined {
  const most = (isOne: (run: Result) => boolean) => runs.filter(isOne).length > runs.length / 2;
  if (runs.every(({ curve }) => curve.length < 2)) return undefined;
  if (most(hasNotFallen)) return 'neverFell';
  if (isStopped) return most(isCutOff) ? 'cutOff' : undefined;
  return most(hasFallen) ? 'longFallen' : undefined;
}

/** What a declaration says where validation can stop a training. */
const stoppable = z.object({ patience: z.number(), budget: z.object({ evaluations: z.number() }) });

/** Patience had not run out: the last state is the best, or all evaluations of the budget were taken. */
function isCutOff({ curve, stoppedAt, declaration }: Result): boolean {
  const { data } = stoppable.safeParse(declaration);
  const isBest = curve.length > 1 && curve[curve.length - 1].step === stoppedAt;
  return isBest || (data !== undefined && curve.length >= data.budget.evaluations);
}

function hasFallen({ curve, metric }: Result): boolean {
  const values = curve.map(({ valid }) => valid[metric]);
  return Math.max(...values) - values[values.length - 1] > FALLEN;
}

const hasNotFallen = ({ curve: [first, ...later] }: Result) =>
  later.length > 0 && later.every(({ loss }) => loss >= first.loss);

/** A sentence for each remark, with the methods and tasks of which it is true. */
export function lengthRemarks({ tasks, results }: Ran): string[] {
  const judged = tasks.flatMap((task) => {
    const own = results.filter((result) => result.task === task.name);
    return distinct(own.map(methodOf)).map((method) => {
      const runs = runsOf(own, task.name, method);
      const remark = judge(runs, carriesChoice(splitInstances(task, runs[0].seed)));
      return { name: `${method.label} on ${task.name}`, remark };
    });
  });
  return Object.entries(REMARKS).flatMap(([key, about]) => {
    const names = judged.flatMap(({ remark, name }) => (remark === key ? [name] : []));
    return names.length === 0 ? [] : [`${about}: ${names.join('; ')}.`];
  });
}
