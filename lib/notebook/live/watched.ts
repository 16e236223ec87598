/** A training that is watched while it runs, and steered where somebody can. */
import type { Program } from '../../tensorflow/program/program';
import type { Watch } from '../../training/fit';
import { setRate } from '../../training/optimizer';
import { inNotebook } from '../kernel/kernel';
import { throttledProgress } from '../kernel/progress';
import { stopSignal } from '../kernel/stop';
import { lineOf } from './board';
import { type About, Run } from './run';
import { type Deed, Steering } from './steering';
import { viewOfCell } from './view';

export type Watched = {
  readonly watch: Watch;
  /** Whether the program's rate is to be one that can be changed. */
  readonly isSteered: boolean;
  /** What trains. */
  readonly begin: <W>(program: Program<W>) => void;
  /** What a hand did, in its order; a pause changes nothing and is no deed. */
  readonly deeds: readonly Deed[];
  /** Told whether training ended by itself or by a hand, and not by an error. */
  readonly end: (isWhole: boolean) => void;
};

/** In a notebook a view below the cell with all controls; in a terminal a line; nothing in a file. Stop stops it. */
export const watched = (about: About): Watched => (inNotebook() ? inView(about) : inTerminal(about));

function inView(about: About): Watched {
  const signal = stopSignal();
  const view = viewOfCell();
  let change: (rate: number) => void = () => undefined;
  const changeRate = (rate: number) => change(rate);
  const steering = new Steering(signal, () => run.step, changeRate);
  const acts = (act: () => void) => {
    act();
    run.hold(steering.isHeld);
    run.isSteered = steering.deeds.length > 0;
  };
  const run = view.add(about, {
    pause: () => acts(() => steering.pause()),
    goOn: () => acts(() => steering.goOn()),
    stop: () => acts(() => steering.stop()),
    setRate: (rate) =>
      acts(() => {
        steering.setRate(rate);
        run.rate = rate;
      }),
  });
  const end = (isWhole: boolean) => {
    if (run.isOver) return;
    change = () => undefined; // the view stays as long as the kernel, and what was compiled does not
    run.end(isWhole && !steering.stops() ? 'done' : 'stopped');
    view.changed(run);
  };
  signal.addEventListener('abort', () => end(false)); // before the kernel gives the cell up, after which nobody hears of it
  const onStep: Watch['onStep'] = (step, taken) => {
    if (run.isOver) return;
    run.stepped(step, taken);
    run.memory = process.memoryUsage.rss();
    view.changed(run);
  };
  return {
    watch: { onStep, onPoint: (point) => run.evaluated(point), hand: steering, signal },
    isSteered: true,
    begin: (program) => {
      change = (rate) => setRate(program, rate);
    },
    deeds: steering.deeds,
    end,
  };
}

function inTerminal(about: About): Watched {
  const run = new Run(1, about, undefined);
  const write = () => process.stdout.write(`\r${lineOf(run)}\x1b[K`);
  const report = process.stdout.isTTY ? throttledProgress(write, Date.now) : () => undefined;
  const onStep: Watch['onStep'] = (step, taken) => {
    run.stepped(step, taken);
    report({ label: about.label, done: step, total: about.steps });
  };
  const end = () => {
    if (process.stdout.isTTY) process.stdout.write('\n');
  };
  return { watch: { onStep, signal: stopSignal() }, isSteered: false, begin: () => {}, deeds: [], end };
}
