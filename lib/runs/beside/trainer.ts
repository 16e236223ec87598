/** A process that trains for a run in another one, beside others: unit after unit, each into its document. */
import { UserError } from '../../userError';
import type { Ask } from '../crew';
import { measure } from '../estimate/stepCost';
import { type Plan, planOf } from '../plan';
import type { RunOptions } from '../session/session';
import { workerOn } from '../worker';
import type { Answer, Done, Hold, Opening, Request } from './messages';

let plan: Plan | undefined;
let worker: ReturnType<typeof workerOn> | undefined;

/** What is under way ends within one step and leaves how it stands. */
const stop = new AbortController();
let isBusy = false;

process.on('message', (request: Request | Hold) => {
  if (request.do === 'hold') worker?.hold(request.isHeld);
  else void answer(request);
});
// Whoever started it ends it, or has ended.
process.on('disconnect', () => {
  if (!isBusy) process.exit();
  stop.abort(new Error('stopped'));
});
// A terminal and a scheduler tell all processes of a run at once: the one that started this one decides.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);

// Who listens may have gone a moment ago.
const say = (what: Answer) =>
  process.connected && process.send?.(what, undefined, undefined, () => undefined);

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

async function serve(request: Request): Promise<Done> {
  if (request.do === 'open') {
    plan = planOf(optionsOf(request), request.planned);
    worker = workerOn(plan);
    return {};
  }
  if (!plan || !worker) throw new Error('asked before it was told the run');
  const { preset } = plan.session;
  return request.do === 'measure'
    ? { costs: request.kinds.map((kind) => measure(kind, preset)) }
    : { outcome: await worker.compute(request.unit, { waits: request.waits, onShare: throttled() }) };
}

const optionsOf = ({ planned: _, ...opening }: Opening): RunOptions => ({
  ...opening,
  seeds: [],
  signal: stop.signal,
});

const MILLISECONDS_BETWEEN_REPORTS = 250;

function throttled(): Ask['onShare'] {
  let said = 0;
  return (label, share, moment) => {
    const now = performance.now();
    if (!moment?.point && now - said < MILLISECONDS_BETWEEN_REPORTS) return;
    said = now;
    say({ label, share, moment: moment && { ...moment, memory: process.memoryUsage.rss() } });
  };
}
