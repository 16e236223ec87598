/** Trainings of a cell, below it: a widget where the front end draws widgets, else a picture; a picture in the end. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { currentCell, openWidget, rewritableDisplay, viewOf, type Widget } from '../kernel/kernel';
import { type About, boardOf, type Controls, lineOf, Run, stillOf } from './board';

const MODULE = path.join(__dirname, 'front', 'front.mjs');

const MILLISECONDS_BETWEEN_BOARDS = 200;

/** Long enough for a front end to say that it draws the widget, which is not replaced then. */
const MILLISECONDS_BETWEEN_PICTURES = 1500;

/** Rows of finished trainings while others follow. */
const MOST_OVER = 5;

/** A message of the front end: `drawn`, or the clicked control of a training. */
type Said = { readonly do?: string; readonly run?: number };

export class View {
  private readonly runs: Run[] = [];
  private readonly display = rewritableDisplay(randomUUID());
  private widget: Widget | undefined;
  /** Whether trainings may still begin. */
  private isOpen = false;
  private headline = '';
  /** Finished trainings whose rows are gone. */
  private gone = 0;
  private isDrawn = false;
  private told = 0;
  private shown = Number.NEGATIVE_INFINITY;

  /** A training that begins. */
  add(about: About, controls?: Controls): Run {
    const run = new Run(this.gone + this.runs.length + 1, about, controls);
    this.runs.push(run);
    this.widget ??= openWidget(
      { _esm: fs.readFileSync(MODULE, 'utf8'), _anywidget_id: 'trainings' },
      boardOf(this.runs, this.headline),
      (said) => this.hear(said),
    );
    this.tell();
    this.show();
    return run;
  }

  /** Shows the progress of a training, as often as eyes can follow; its end at once. */
  changed(run: Run): void {
    const now = Date.now();
    if (run.isOver || now - this.told >= MILLISECONDS_BETWEEN_BOARDS) this.tell();
    const isDue = !this.isDrawn && now - this.shown >= MILLISECONDS_BETWEEN_PICTURES;
    if (isDue || this.isOver) this.show();
  }

  /** Shows a line about all trainings of the cell. */
  say(headline: string): void {
    this.headline = headline;
    if (this.widget) this.tell();
    else this.show();
  }

  /** From here on trainings follow each other: only the latest of the finished ones keep a row. */
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

  private tell(): void {
    this.told = Date.now();
    if (this.isOpen) this.forget();
    this.widget?.set(boardOf(this.runs, this.headline));
  }

  private forget(): void {
    const over = this.runs.filter(({ isOver }) => isOver);
    for (const run of over.slice(0, -MOST_OVER)) this.runs.splice(this.runs.indexOf(run), 1);
    this.gone += Math.max(0, over.length - MOST_OVER);
  }

  /** In the end a picture, which needs no kernel; only text where it would lack trainings. */
  private show(): void {
    this.shown = Date.now();
    const latestFirst = [...this.runs].reverse();
    const words = { 'text/plain': this.headline || latestFirst.map(lineOf).join('\n') };
    const isWhole = this.widget !== undefined && (!this.isOver || this.gone === 0);
    const still = isWhole ? { 'image/svg+xml': stillOf(this.runs) } : {};
    const live = this.widget && !this.isOver ? viewOf(this.widget) : {};
    this.display({ ...live, ...still, ...words });
  }

  private hear({ do: what, run: id }: Said): void {
    if (what === 'drawn') this.isDrawn = true;
    const { controls } = this.runs.find((run) => run.id === id && !run.isOver) ?? {};
    if (what === 'pause') controls?.pause();
    if (what === 'goOn') controls?.goOn();
    if (what === 'stop') controls?.stop?.();
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
