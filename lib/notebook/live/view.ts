/** Trainings of a cell, below it: a widget where the front end draws widgets, else a picture that is drawn anew; a picture in the end. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { currentCell, openWidget, rewritableDisplay, viewOf, type Widget } from '../kernel/kernel';
import { type Board, boardOf, lineOf, stillOf } from './board';
import { type About, type Controls, Run } from './run';

const MODULE = path.join(__dirname, 'front', 'front.mjs');

const MILLISECONDS_BETWEEN_BOARDS = 200;
const MILLISECONDS_BETWEEN_PICTURES = 500;

/** Trainings that are over and still shown while others follow. */
const MOST_OVER = 5;

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
  private widget: Widget | undefined;
  /** Whether trainings may still begin. */
  private isOpen = false;
  /** What is said of all that a cell trains. */
  private headline = '';
  /** Trainings that were over and are no longer shown. */
  private gone = 0;
  private isDrawn = false;
  private told = 0;
  private shown = Number.NEGATIVE_INFINITY;

  /** A training that begins. */
  add(about: About, controls?: Controls): Run {
    this.widget ??= this.opened();
    const run = new Run(this.gone + this.runs.length + 1, about, controls);
    this.runs.push(run);
    this.tell();
    this.show();
    this.shown += MILLISECONDS_TO_BE_DRAWN;
    return run;
  }

  /** Shows what has changed of a training, as often as eyes can follow; its end at once. */
  changed(run: Run): void {
    const now = Date.now();
    if (run.isOver || now - this.told >= MILLISECONDS_BETWEEN_BOARDS) this.tell();
    const isDue = !this.isDrawn && now - this.shown >= MILLISECONDS_BETWEEN_PICTURES;
    if (isDue || this.isOver) this.show();
  }

  /** What is said of all trainings of the cell. */
  say(headline: string): void {
    this.headline = headline;
    if (this.widget) this.tell();
    else this.show();
  }

  /** From here on trainings follow each other: of those that are over only the latest are shown. */
  open(): void {
    this.isOpen = true;
  }

  /** No training follows. */
  close(): void {
    this.isOpen = false;
    this.tell();
    if (this.widget) this.show();
  }

  private get isOver(): boolean {
    return !this.isOpen && this.runs.every(({ isOver }) => isOver);
  }

  private opened(): Widget {
    const module = { _esm: fs.readFileSync(MODULE, 'utf8'), _anywidget_id: 'trainings' };
    return openWidget(module, this.board, (said) => this.hear(said));
  }

  private get board(): Board {
    return boardOf(this.runs, this.hidden, this.headline);
  }

  private tell(): void {
    this.told = Date.now();
    if (this.isOpen) this.forget();
    this.widget?.set(this.board);
  }

  private forget(): void {
    const over = this.runs.filter(({ isOver }) => isOver);
    for (const run of over.slice(0, -MOST_OVER)) this.runs.splice(this.runs.indexOf(run), 1);
    this.gone += Math.max(0, over.length - MOST_OVER);
  }

  /** When all is over nothing is left to do, and a picture needs no kernel; where not all can be in it, words. */
  private show(): void {
    this.shown = Date.now();
    const latestFirst = [...this.runs].reverse();
    const words = { 'text/plain': this.headline || latestFirst.map(lineOf).join('\n') };
    const isWhole = this.widget !== undefined && (!this.isOver || this.gone === 0);
    const still = isWhole ? { 'image/svg+xml': stillOf(this.runs, this.hidden) } : {};
    const live = this.widget && !this.isOver ? viewOf(this.widget) : {};
    this.display({ ...live, ...still, ...words });
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
