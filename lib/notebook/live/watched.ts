/** A training by hand that is watched while it runs, and can be paused and stopped. */

import type { Watch } from '../../training/fit';
import { Gate } from '../../training/parts';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import { stopSignal } from '../kernel/stop';
import { lineOf } from './board';
import { type About, Run } from './run';
import { viewOfCell } from './view';

/** A training that a hand has stopped, keeping what it had after that step. */
export type Deed = { readonly step: number; readonly stopped: true };

export type Watched = {
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
  const hold = (isHeld: boolean) => {
    if (isHeld) gate.close();
    else gate.open();
    run.hold(isHeld);
  };
  const run = view.add(about, {
    pause: () => hold(true),
    goOn: () => hold(false),
    stop: () => {
      if (deeds.length === 0) deeds.push({ step: run.step, stopped: true });
      run.isSteered = true;
      hold(false);
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
  const hand = { held: gate.held, stops: () => deeds.length > 0 };
  return { watch: { onStep, onPoint: (point) => run.evaluated(point), hand, signal }, deeds, end };
}

function inTerminal(about: About): Watched {
  const run = new Run(1, about);
  const write = () => process.stdout.write(`\r${lineOf(run)}\x1b[K`);
  const report = process.stdout.isTTY ? throttledProgress(write, Date.now) : () => undefined;
  const onStep: Watch['onStep'] = (step, taken) => {
    run.stepped(step, taken);
    report({ label: about.label, done: step, total: about.steps });
  };
  const end = () => {
    if (process.stdout.isTTY) process.stdout.write('\n');
  };
  return { watch: { onStep, signal: stopSignal() }, deeds: [], end };
}
