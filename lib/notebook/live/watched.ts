/** Trainings that are watched below their cell: those by hand can be paused and stopped, those of a run paused. */
import type { RunOptions } from '../../experiments/runs/run';
import type { Moment, Pausable } from '../../experiments/runs/watch';
import type { Watch } from '../../training/fit';
import { Gate } from '../../training/parts';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import { stopSignal } from '../kernel/stop';
import type { About, Run } from './board';
import { type View, viewOfCell } from './view';

/** A training that a hand has stopped, keeping what it had after that step. */
export type Deed = { readonly step: number; readonly stopped: true };

type Watched = {
  readonly watch: Watch;
  /** What a hand has done; a pause changes no number and is none. */
  readonly deeds: readonly Deed[];
  /** Ends the watch; `isWhole` unless an error ended the training. */
  readonly end: (isWhole: boolean) => void;
};

/** In a notebook a view below the cell with buttons; in a terminal a line; nothing in a file. Stop stops it. */
export const watched = (about: About): Watched => (inNotebook() ? inView(about) : inTerminal(about));

function inView(about: About): Watched {
  const [signal, view, gate, deeds] = [stopSignal(), viewOfCell(), new Gate(), [] as Deed[]];
  const pause = (isPaused: boolean) => {
    if (isPaused) gate.close();
    else gate.open();
    run.pause(isPaused);
  };
  const run = view.add(about, {
    pause: () => pause(true),
    goOn: () => pause(false),
    stop: () => {
      if (deeds.length === 0) deeds.push({ step: run.step, stopped: true });
      run.isSteered = true;
      pause(false);
    },
  });
  const end = (isWhole: boolean) => {
    if (run.isOver) return;
    run.end(isWhole && deeds.length === 0 ? 'done' : 'stopped');
    view.changed(run);
  };
  // Before the kernel gives the cell up, after which nobody sees it.
  signal.addEventListener('abort', () => {
    gate.open();
    end(false);
  });
  const onStep: Watch['onStep'] = (step, taken) => {
    if (run.isOver) return;
    run.stepped(step, taken);
    run.memory = process.memoryUsage.rss();
    view.changed(run);
  };
  const hand = { paused: gate.paused, stops: () => deeds.length > 0 };
  return { watch: { onStep, onPoint: (point) => run.evaluated(point), control: hand, signal }, deeds, end };
}

/** A line where somebody sees it. */
function inTerminal({ label, steps }: About): Watched {
  const signal = stopSignal();
  if (!process.stdout.isTTY) return { watch: { signal }, deeds: [], end: () => undefined };
  const report = throttledProgress((line) => process.stdout.write(`\r${line}\x1b[K`), Date.now);
  const onStep: Watch['onStep'] = (step) => report({ label, done: step, total: steps });
  return { watch: { onStep, signal }, deeds: [], end: () => void process.stdout.write('\n') };
}

/** What a run tells of its trainings, and what ends the view; nothing outside a notebook. */
type WatchedRun = Pick<RunOptions, 'onProgress' | 'onTraining'> & { readonly end: () => void };

/** The trainings of a run: those under way and the latest finished ones. */
export function watchedRun(signal: AbortSignal): WatchedRun {
  if (!inNotebook()) return { end: () => undefined };
  const view = viewOfCell();
  view.open();
  const under = new Map<Pausable, Run>();
  const end = (by: Pausable) => {
    const run = under.get(by);
    if (!run || run.isOver) return;
    if (run.state === 'paused') by.pause(false); // it ended before it could pause: the next one goes on
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
function begun(view: View, by: Pausable, label: string, { steps, metric }: Moment): Run {
  const pause = (isPaused: boolean) => {
    by.pause(isPaused);
    run.pause(isPaused);
  };
  const run = view.add({ label, steps, metric }, { pause: () => pause(true), goOn: () => pause(false) });
  return run;
}

function advance(run: Run, { step, taken, point, memory = process.memoryUsage.rss() }: Moment): void {
  if (taken && step > run.step) run.stepped(step, taken);
  if (point) run.evaluated(point);
  run.memory = memory;
}
