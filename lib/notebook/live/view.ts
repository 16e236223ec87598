/** Curves and buttons below a cell while it trains: a widget where the front end draws widgets, else a picture; a picture in the end. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { openWidget, rewritableDisplay, viewOf, type Widget } from '../kernel/kernel';
import { pictureOf } from './picture';
import { type About, Training } from './training';

const MODULE = path.join(__dirname, 'front', 'front.mjs');

const MILLISECONDS_BETWEEN_PICTURES = 1000;

/** Called by the buttons; a view without `stop` has no such button. */
type Controls = { readonly pause: (isPaused: boolean) => void; readonly stop?: () => void };

/** State that the widget draws: curves, and texts of the two buttons; an empty text hides one. */
export type WidgetState = { readonly picture: string; readonly pause: string; readonly stop: string };

export class View {
  /** A line about all trainings. */
  headline = '';
  isPaused = false;
  private readonly trainings = new Set<Training>();
  private readonly display = rewritableDisplay(randomUUID());
  private widget: Widget | undefined;
  /** Whether a front end draws the widget, which is not replaced then. */
  private isDrawn = false;
  private isOver = false;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly controls: Controls) {}

  /** Adds a training that begins. */
  add(about: About): Training {
    const training = new Training(about);
    this.trainings.add(training);
    if (!this.widget) this.draw();
    return training;
  }

  remove(training: Training): void {
    this.trainings.delete(training);
  }

  /** Draws progress, at most once a second. */
  changed(): void {
    if (!this.isOver && Date.now() - this.drawnAt >= MILLISECONDS_BETWEEN_PICTURES) this.draw();
  }

  /** Leaves words, and a picture of the trainings that were not removed; needs no kernel any more. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.isDrawn = false;
    if (this.trainings.size > 0 || this.headline !== '') this.draw();
  }

  private draw(): void {
    this.drawnAt = Date.now();
    const trainings = [...this.trainings];
    const state: WidgetState = {
      picture: pictureOf(trainings, this.headline),
      pause: this.isOver ? '' : this.isPaused ? 'Go on' : 'Pause',
      stop: this.isOver || !this.controls.stop ? '' : 'Stop and keep',
    };
    if (this.widget) this.widget.set(state);
    else if (trainings.length > 0) this.widget = this.opened(state);
    if (this.isDrawn) return;
    this.display({
      ...(this.widget && !this.isOver ? viewOf(this.widget) : {}),
      ...(trainings.length > 0 ? { 'image/svg+xml': state.picture } : {}),
      'text/plain': this.headline || trainings.map(({ line }) => line).join('\n'),
    });
  }

  private opened(state: WidgetState): Widget {
    const module = { _esm: fs.readFileSync(MODULE, 'utf8'), _anywidget_id: 'trainings' };
    return openWidget(module, state, (message) => this.hear(message));
  }

  /** Takes a message of the front end: `drawn`, or the button that was clicked. */
  private hear({ do: what }: { readonly do?: string }): void {
    if (this.isOver) return;
    if (what === 'drawn') this.isDrawn = true;
    if (what === 'pause') this.pause(!this.isPaused);
    if (what === 'stop') {
      this.controls.stop?.();
      this.pause(false);
    }
    this.draw();
  }

  private pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.controls.pause(isPaused);
  }
}
