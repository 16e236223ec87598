/** Whether a data set is large enough, in words and numbers. */
import type { Description, TaskDescription } from '../datasets/describe/describe';

/** Half the 95 % interval of a share that a test part must reach to be called enough. */
const ENOUGH = 0.05;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** How exactly a task measures what needs no learning: the share and half its 95 % interval (normal approximation). */
export function precisionOf({ majority, popularity, testInstances }: TaskDescription): {
  readonly metric: 'Acc' | 'HR@5';
  readonly share: number;
  readonly half: number;
} {
  const share = popularity?.['HR@5'] ?? majority;
  const half = 1.96 * Math.sqrt((share * (1 - share)) / testInstances);
  return { metric: popularity ? 'HR@5' : 'Acc', share, half };
}

/** The answer to "is there enough of it?", as Markdown. */
export function dataAnswer({ name, interactions, users, items, tasks }: Description): string {
  const enough = tasks.filter((task) => precisionOf(task).half <= ENOUGH);
  const whole = (count: number) => count.toLocaleString('en');
  return [
    `**Is ${name} large enough? ${inAWord(enough.length, tasks.length)}: one test part measures ${enough.length} of ` +
      `${tasks.length} tasks to within ${percent(ENOUGH)}.**`,
    `${name} holds ${whole(interactions)} interactions of ${whole(users)} users with ${whole(items)} items. ` +
      'A method has to beat these shares, which need no learning, by more than their uncertainty:',
    tasks.map(taskLine).join('\n'),
  ].join('\n\n');
}

function inAWord(enough: number, all: number): string {
  if (enough === all) return 'Yes';
  return enough === 0 ? 'No' : 'In part';
}

function taskLine(task: TaskDescription): string {
  const { metric, share, half } = precisionOf(task);
  const baseline = metric === 'Acc' ? 'the most frequent class' : 'item popularity';
  return (
    `- ${task.task}: ${metric} of ${baseline} ${percent(share)} ± ${percent(half)} ` +
    `on ${task.testInstances.toLocaleString('en')} test instances.`
  );
}
