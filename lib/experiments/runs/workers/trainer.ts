/** A process that trains for a run in another one: job after job, each into its document. */
import { UserError } from '../../../base/userError';
import { type Ask, type JobEnd, workerOn } from '../worker';
import type { Answer, Request } from './process';

let worker: ReturnType<typeof workerOn> | undefined;

/** Ends what is under way within one step, after a checkpoint. */
const stop = new AbortController();
let isBusy = false;

process.on('message', (request: Request) => void answer(request));
// The process that started this one ends it, or has ended.
process.on('disconnect', () => {
  if (!isBusy) process.exit();
  stop.abort(new Error('stopped'));
});
// Terminals and schedulers signal all processes of a run: the one that started this one decides.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);

const say = (what: Answer) =>
  process.connected && process.send?.(what, undefined, undefined, () => undefined); // nobody may listen any more

async function answer(request: Request): Promise<void> {
  isBusy = true;
  try {
    say({ done: await serve(request) });
  } catch (error) {
    const { message, stack = message } = error as Error;
    const byUser = error instanceof UserError;
    say({ failed: byUser ? message : stack, byUser });
  }
  isBusy = false;
  if (stop.signal.aborted) process.exit();
}

async function serve(request: Request): Promise<JobEnd> {
  if (request.do === 'open') {
    worker = workerOn({ out: request.out, tasks: request.tasks, signal: stop.signal });
    return 'done';
  }
  if (!worker) throw new Error('asked before it was told the run');
  return worker.compute(request.job, { waits: request.waits, onShare: throttled() });
}

const MILLISECONDS_BETWEEN_REPORTS = 250;

function throttled(): Ask['onShare'] {
  let said = 0;
  return (label, share, moment) => {
    const now = performance.now();
    if (!moment?.point && now - said < MILLISECONDS_BETWEEN_REPORTS) return;
    said = now;
    say({ label, share, moment });
  };
}
