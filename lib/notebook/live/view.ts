/** Trainings of a cell, below it: a widget where the front end draws widgets, else a picture that is drawn anew; a picture in the end. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { currentCell, type MimeBundle, openWidget, rewritableDisplay, type Widget } from '../kernel/kernel';
import { boardOf, lineOf, stillOf } from './board';
import { type About, type Controls, Run } from './run';

const MODULE = path.join(__dirname, 'front', 'front.mjs');

const MILLISECONDS_BETWEEN_BOARDS = 200;
const MILLISECONDS_BETWEEN_PICTURES = 500;

/** How long a front end may take to say that it draws the widget: what it shows is not replaced before. */
const MILLISECONDS_TO_BE_DRAWN = 1500;

/** What a front end says: that it draws, which curve is to be seen, or what is to be done to a training. */
type Said = {
  readonly do?: string;
  readonly run?: number;
  readonly curve?: string;
  readonly value?: unknown;
};

export class View {
  private readonly runs: Run[] = [];
  private readonly hidden = new Set<string>();
  private readonly display = rewritableDisplay(randomUUID());
  private readonly widget: Widget;
  private isDrawn = false;
  private told = 0;
  private shown = Number.NEGATIVE_INFINITY;

  constructor() {
    const module = { _esm: fs.readFileSync(MODULE, 'utf8'), _anywidget_id: 'trainings' };
    this.widget = openWidget(module, boardOf([], this.hidden), (said) => this.hear(said));
  }

  /** A training that begins. */
  add(about: About, controls?: Controls): Run {
    const run = new Run(this.runs.length + 1, about, controls);
    this.runs.push(run);
    this.tell();
    this.show(run);
    this.shown += MILLISECONDS_TO_BE_DRAWN;
    return run;
  }

  /** Shows what has changed of a training, as often as eyes can follow; its end at once. */
  changed(run: Run): void {
    const now = Date.now();
    if (run.isOver || now - this.told >= MILLISECONDS_BETWEEN_BOARDS) this.tell();
    const isDue = !this.isDrawn && now - this.shown >= MILLISECONDS_BETWEEN_PICTURES;
    if (isDue || this.runs.every(({ isOver }) => isOver)) this.show(run);
  }

  private tell(): void {
    this.told = Date.now();
    this.widget.set(boardOf(this.runs, this.hidden));
  }

  /** When all is over nothing is left to do, and a picture needs no kernel. */
  private show(latest: Run): void {
    this.shown = Date.now();
    const others = this.runs.filter((run) => run !== latest);
    const still: MimeBundle = {
      'image/svg+xml': stillOf(this.runs, this.hidden),
      'text/plain': [latest, ...others].map(lineOf).join('\n'),
    };
    const view = { version_major: 2, version_minor: 0, model_id: this.widget.id };
    const isOver = this.runs.every((run) => run.isOver);
    this.display(isOver ? still : { 'application/vnd.jupyter.widget-view+json': view, ...still });
  }

  private hear({ do: what, run: id, curve, value }: Said): void {
    if (what === 'drawn') this.isDrawn = true;
    if (what === 'see' && curve !== undefined) {
      if (value) this.hidden.delete(curve);
      else this.hidden.add(curve);
    }
    const { controls } = this.runs.find((run) => run.id === id && !run.isOver) ?? {};
    if (what === 'pause') controls?.pause();
    if (what === 'goOn') controls?.goOn();
    if (what === 'stop') controls?.stop?.();
    if (what === 'setRate' && typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY)
      controls?.setRate?.(value);
    this.tell();
  }
}

const views = new WeakMap<object, View>();

/** The one view that all trainings of a cell share. */
export function viewOfCell(): View {
  const cell = currentCell();
  const view = views.get(cell) ?? new View();
  views.set(cell, view);
  return view;
}
