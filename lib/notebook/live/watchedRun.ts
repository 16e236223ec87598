/** The trainings of a run below its cell: those that are under way, and the latest that are over. Each can be held up, and no more. */
import type { Held, Moment, RunOptions } from '../../runs/session';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import type { Run } from './run';
import { type View, viewOfCell } from './view';

/** Who looks on while a run computes, and what ends that; nobody outside a notebook. */
export type WatchedRun = Pick<RunOptions, 'onProgress' | 'onTraining'> & { readonly end: () => void };

export function watchedRun(signal: AbortSignal): WatchedRun {
  if (!inNotebook()) return { end: () => undefined };
  const view = viewOfCell();
  view.open();
  const under = new Map<Held, Run>();
  const end = (by: Held) => {
    const run = under.get(by);
    if (!run || run.isOver) return;
    if (run.state === 'paused') by.hold(false); // it was over before it could be held up: what follows is not
    run.end('done');
    view.changed(run);
  };
  const close = () => {
    for (const run of under.values()) if (!run.isOver) run.end('stopped');
    view.close();
  };
  signal.addEventListener('abort', close); // before the kernel gives the cell up, after which nobody hears of it
  return {
    onProgress: throttledProgress((line) => view.say(line), Date.now),
    onTraining: (by, label, moment) => {
      if (moment === 'ended' || signal.aborted) return end(by);
      if (under.get(by)?.label !== label || under.get(by)?.isOver) {
        end(by);
        under.set(by, begun(view, by, label, moment));
      }
      advance(under.get(by) as Run, moment);
      view.changed(under.get(by) as Run);
    },
    end: close,
  };
}

/** A row with a button that holds its training up. */
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
