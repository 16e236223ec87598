/** Curves of trainings below a cell: a picture that is drawn anew. */
import { randomUUID } from 'node:crypto';
import { rewritableDisplay } from '../kernel/kernel';
import { pictureOf } from './picture';
import { type About, Training } from './training';

const MILLISECONDS_BETWEEN_PICTURES = 1000;

export class View {
  /** A line about all trainings. */
  headline = '';
  private readonly trainings = new Set<Training>();
  private readonly display = rewritableDisplay(randomUUID());
  private isOver = false;
  private drawnAt = Number.NEGATIVE_INFINITY;

  /** Adds a training that begins. */
  add(about: About): Training {
    const training = new Training(about);
    this.trainings.add(training);
    this.changed();
    return training;
  }

  remove(training: Training): void {
    this.trainings.delete(training);
  }

  /** Draws progress, at most once a second. */
  changed(): void {
    if (!this.isOver && Date.now() - this.drawnAt >= MILLISECONDS_BETWEEN_PICTURES) this.draw();
  }

  /** Leaves words, and a picture of the trainings that were not removed. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.trainings.size > 0 || this.headline !== '') this.draw();
  }

  private draw(): void {
    this.drawnAt = Date.now();
    const trainings = [...this.trainings];
    this.display({
      ...(trainings.length > 0 ? { 'image/svg+xml': pictureOf(trainings, this.headline) } : {}),
      'text/plain': this.headline || trainings.map(({ line }) => line).join('\n'),
    });
  }
}
