/** Whether what trained was given as long as it needed, from the curves of its documents. */
import { z } from 'zod';
import { carriesChoice, splitInstances } from '../datasets/tasks/split';
import type { Result } from '../documents/document';
import { methodOf } from '../documents/document';
import { type Ran, runsOf } from '../documents/ran';
import { distinct } from '../methods/identity';

/** What a method that cannot be stopped by validation may have lost there since its best. */
const FALLEN = 0.05;

/** A curve on validation data that ended too early, or went on for too long, or a loss that went nowhere. */
type Judgement = 'cut off' | 'long fallen' | 'loss never fell';

const CUT_OFF = 'Ended by the budget, before validation had stopped it';
const LONG_FALLEN =
  'Below its best by more than .05 on validation data at the last pass, where these are too few to stop it';

const NEVER_FELL =
  'The loss was never below that of the first evaluation; a higher or a lower rate may help (`npm run tune` tries some)';

/** Of most seeds of a method on a task; nothing where its length fitted, or it takes no steps. */
function judge(runs: readonly Result[], chooses: boolean): Judgement | undefined {
  const most = (isOne: (run: Result) => boolean) => runs.filter(isOne).length > runs.length / 2;
  if (runs.every(({ curve }) => curve.length < 2)) return undefined;
  if (most(hasNotFallen)) return 'loss never fell';
  if (chooses) return most(isCutOff) ? 'cut off' : undefined;
  return most(hasFallen) ? 'long fallen' : undefined;
}

/** What a declaration says where validation can stop a training. */
const stoppable = z.object({ patience: z.number(), budget: z.object({ evaluations: z.number() }) });

/** Patience had not run out: the last state is the best, or every evaluation that the budget has was taken. */
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

/** A sentence for each judgement with the methods and tasks of which it is true; none where it is true of none. */
export function lengthRemarks({ tasks, results }: Ran): string[] {
  const judged = tasks.flatMap((task) => {
    const own = results.filter((result) => result.task === task.name);
    return distinct(own.map(methodOf)).map((method) => {
      const runs = runsOf(own, task.name, method);
      const chooses = carriesChoice(splitInstances(task, runs[0].seed));
      return { name: `${method.label} on ${task.name}`, judgement: judge(runs, chooses) };
    });
  });
  const named = (wanted: Judgement) =>
    judged.filter(({ judgement }) => judgement === wanted).map(({ name }) => name);
  const sentence = (about: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${about}: ${names.join('; ')}.`];
  return [
    ...sentence(NEVER_FELL, named('loss never fell')),
    ...sentence(CUT_OFF, named('cut off')),
    ...sentence(LONG_FALLEN, named('long fallen')),
  ];
}
