/** Shows trainings below their cell: one by hand, which can be paused and stopped, and those of a run, which can be paused. */
import type { RunOptions } from '../../experiments/runs/run';
import type { Pausable } from '../../experiments/runs/watch';
import type { Watch } from '../../training/fit';
import { Gate } from '../../training/parts';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import { stopSignal } from '../kernel/stop';
import type { About, Training } from './training';
import { View } from './view';

/** A training by hand. */
type Watched = {
  readonly watch: Watch;
  /** Whether the user stopped it early by the button. */
  readonly isSteered: () => boolean;
  /** Leaves the last picture, or ends the line. */
  readonly end: () => void;
};

/** Watches a training: a view in a notebook, a line in a terminal, nothing in a file. An interrupt stops it. */
export const watchTraining = (about: About): Watched => (inNotebook() ? inView(about) : inTerminal(about));

function inView(about: About): Watched {
  const [signal, gate] = [stopSignal(), new Gate()];
  let isSteered = false;
  const view = new View({
    pause: (isPaused) => (isPaused ? gate.close() : gate.open()),
    stop: () => {
      isSteered = true;
    },
  });
  const training = view.add(about);
  // Before the kernel gives the cell up, after which nobody sees it.
  signal.addEventListener('abort', () => {
    gate.open();
    view.end();
  });
  const onStep: Watch['onStep'] = (step, taken) => {
    training.stepped(step, taken);
    view.changed();
  };
  const control = { paused: gate.paused, stops: () => isSteered };
  return {
    watch: { onStep, onPoint: (point) => training.evaluated(point), control, signal },
    isSteered: () => isSteered,
    end: () => view.end(),
  };
}

function inTerminal({ label, steps }: About): Watched {
  const signal = stopSignal();
  const isSteered = () => false;
  if (!process.stdout.isTTY) return { watch: { signal }, isSteered, end: () => undefined };
  const report = throttledProgress((line) => process.stdout.write(`\r${line}\x1b[K`), Date.now);
  const onStep: Watch['onStep'] = (step) => report({ label, done: step, total: steps });
  return { watch: { onStep, signal }, isSteered, end: () => void process.stdout.write('\n') };
}

/** Options of a run that show it, and what ends the view. */
type WatchedRun = Pick<RunOptions, 'onProgress' | 'onTraining'> & { readonly end: () => void };

/** Watches a run: its progress, and the curve of each training under way; nothing outside a notebook. */
export function watchRun(signal: AbortSignal): WatchedRun {
  if (!inNotebook()) return { end: () => undefined };
  /** Workers, each with the training that it has under way. */
  const workers = new Map<Pausable, Training | undefined>();
  const view = new View({
    pause: (isPaused) => {
      for (const worker of workers.keys()) worker.pause(isPaused);
    },
  });
  const drop = (worker: Pausable) => {
    const training = workers.get(worker);
    if (training) view.remove(training);
    workers.set(worker, undefined);
  };
  signal.addEventListener('abort', () => view.end()); // before the kernel gives the cell up
  const onTraining: RunOptions['onTraining'] = (worker, label, moment) => {
    if (moment === 'ended') return drop(worker);
    if (!workers.has(worker) && view.isPaused) worker.pause(true);
    if (workers.get(worker)?.about.label !== label) drop(worker);
    const { step, steps, metric, taken, point } = moment;
    const training = workers.get(worker) ?? view.add({ label, steps, metric });
    workers.set(worker, training);
    if (point) training.evaluated(point);
    else if (taken) training.stepped(step, taken);
    view.changed();
  };
  const onProgress = throttledProgress((line) => {
    view.headline = line;
    view.changed();
  }, Date.now);
  return { onProgress, onTraining, end: () => view.end() };
}
