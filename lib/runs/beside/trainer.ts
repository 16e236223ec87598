/** A process that trains for a run in another one, beside others: unit after unit, each into its document. */
import { UserError } from '../../userError';
import type { Cost } from '../estimate/estimate';
import { measure } from '../estimate/stepCost';
import { pretrainTrunks, trunksIn } from '../pretrainTrunks';
import { type Plan, planOf } from '../run';
import { type ExperimentRun, experimentRun } from '../runExperiment';
import type { Progress, RunOptions, Session } from '../session/session';
import { isSameTrunk, trunkOf } from '../trunks';
import type { Answer, Opening, Request, Unit } from './messages';

let plan: Plan | undefined;
/** What is compiled serves the seeds of a pair that follow each other. */
let last: { readonly place: number; readonly run: ExperimentRun } | undefined;

/** What is under way ends within one step and leaves how it stands; a second signal ends it at once. */
const stop = new AbortController();
let isBusy = false;

function end(): void {
  if (!isBusy || stop.signal.aborted) process.exit();
  stop.abort(new Error('stopped'));
}

process.on('message', (request: Request) => void answer(request));
process.on('disconnect', end);
process.on('SIGTERM', end);
// Ctrl-C in a terminal reaches all processes of a run; the one that started this one ends it.
process.on('SIGINT', () => undefined);

const say = (what: Answer) => process.connected && process.send?.(what);

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

/** Costs of steps, where they were asked for. */
async function serve(request: Request): Promise<readonly Cost[]> {
  if (request.do === 'open') plan = planOf(optionsOf(request), request.planned);
  if (request.do === 'train') await train(plan as Plan, request.unit);
  return request.do === 'measure'
    ? request.kinds.map((kind) => measure(kind, (plan as Plan).session.preset))
    : [];
}

const optionsOf = ({ planned: _, ...opening }: Opening): RunOptions => ({ ...opening, seeds: [] });

const MILLISECONDS_BETWEEN_REPORTS = 250;

function throttled(): (progress: Progress) => void {
  let said = 0;
  return ({ label, done }) => {
    const now = performance.now();
    if (now - said < MILLISECONDS_BETWEEN_REPORTS) return;
    said = now;
    say({ label, share: done % 1 });
  };
}

async function train({ session, trunks, pairs }: Plan, { of, place, seed }: Unit): Promise<void> {
  const count = { done: 0, total: 1 };
  const own: Session = { ...session, seeds: [seed], count, onProgress: throttled(), signal: stop.signal };
  if (of === 'trunks') {
    await pretrainTrunks(own, trunks[place]);
    return;
  }
  if (last?.place !== place) {
    last?.run.dispose();
    const wanted = trunkOf(session.preset, pairs[place]);
    const trunk = trunks.find((one) => isSameTrunk(one, wanted));
    last = { place, run: experimentRun(own, pairs[place], trunk && trunksIn(own, trunk)) };
  }
  await last.run.seed(seed);
}
