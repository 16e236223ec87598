/** Shows trainings below their cell: one by hand, or those of a run. */
import type { RunOptions } from '../../experiments/runs/run';
import type { Watch } from '../../training/fit';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import { stopSignal } from '../kernel/stop';
import type { About, Training } from './training';
import { View } from './view';

/** Watches a training: a view in a notebook, which `end` leaves as it is then, nothing elsewhere. An interrupt stops it. */
export function watchTraining(about: About): { readonly watch: Watch; readonly end: () => void } {
  const signal = stopSignal();
  if (!inNotebook()) return { watch: { signal }, end: () => undefined };
  const view = viewUntil(signal);
  const training = view.add(about);
  const onStep: Watch['onStep'] = (step, taken) => {
    training.stepped(step, taken);
    view.changed();
  };
  return {
    watch: { onStep, onPoint: (point) => training.evaluated(point), signal },
    end: () => view.end(),
  };
}

/** A view that a stop ends before the kernel gives the cell up, after which nobody sees it. */
function viewUntil(signal: AbortSignal): View {
  const view = new View();
  signal.addEventListener('abort', () => view.end());
  return view;
}

/** Options of a run that show its progress and the curve of each training under way, nothing outside a notebook; `end` ends the view. */
export function watchRun(
  signal: AbortSignal,
): Pick<RunOptions, 'onProgress' | 'onTraining'> & { readonly end: () => void } {
  if (!inNotebook()) return { end: () => undefined };
  const view = viewUntil(signal);
  /** Trainings under way by their workers. */
  const trainings = new Map<object, Training>();
  const drop = (worker: object) => {
    const training = trainings.get(worker);
    if (training) view.remove(training);
    trainings.delete(worker);
  };
  const onTraining: RunOptions['onTraining'] = (worker, label, moment) => {
    if (moment === 'ended') return drop(worker);
    if (trainings.get(worker)?.about.label !== label) drop(worker);
    const { step, steps, metric, taken, point } = moment;
    const training = trainings.get(worker) ?? view.add({ label, steps, metric });
    trainings.set(worker, training);
    if (point) training.evaluated(point);
    else if (taken) training.stepped(step, taken);
    view.changed();
  };
  const onProgress = throttledProgress((line) => {
    view.headline = line;
    view.changed();
  });
  return { onProgress, onTraining, end: () => view.end() };
}
