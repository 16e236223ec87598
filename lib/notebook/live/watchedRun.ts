/** The trainings of a run below its cell: those under way and the latest finished ones. Each can be paused. */
import type { Held, Moment, RunOptions } from '../../experiments/runs/session';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import type { Run } from './run';
import { type View, viewOfCell } from './view';

/** What a run tells of its trainings, and what ends the view; nothing outside a notebook. */
export type WatchedRun = Pick<RunOptions, 'onProgress' | 'onTraining'> & { readonly end: () => void };

export function watchedRun(signal: AbortSignal): WatchedRun {
  if (!inNotebook()) return { end: () => undefined };
  const view = viewOfCell();
  view.open();
  const under = new Map<Held, Run>();
  const end = (by: Held) => {
    const run = under.get(by);
    if (!run || run.isOver) return;
    if (run.state === 'paused') by.hold(false); // it ended before it could pause: the next one goes on
    run.end('done');
    view.changed(run);
  };
  const close = () => {
    for (const run of under.values()) if (!run.isOver) run.end('stopped');
    view.close();
  };
  signal.addEventListener('abort', close); // before the kernel gives the cell up, after which nobody sees it
  return {
    onProgress: throttledProgress((line) => view.say(line), Date.now),
    onTraining: (by, label, moment) => {
      if (moment === 'ended' || signal.aborted) return end(by);
      const known = under.get(by);
      const run = known?.label === label && !known.isOver ? known : undefined;
      if (!run) end(by);
      const now = run ?? begun(view, by, label, moment);
      under.set(by, now);
      advance(now, moment);
      view.changed(now);
    },
    end: close,
  };
}

/** A row with a button that pauses its training. */
function begun(view: View, by: Held, label: string, { steps, metric }: Moment): Run {
  const hold = (isHeld: boolean) => {
    by.hold(isHeld);
    run.hold(isHeld);
  };
  const run = view.add({ label, steps, metric }, { pause: () => hold(true), goOn: () => hold(false) });
  return run;
}

function advance(run: Run, { step, taken, point, memory = process.memoryUsage.rss() }: Moment): void {
  if (taken && step > run.step) run.stepped(step, taken);
  if (point) run.evaluated(point);
  run.memory = memory;
}
