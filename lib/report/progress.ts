import { randomUUID } from 'node:crypto';
import { inNotebook, rewritableDisplay } from './kernel';

export interface Progress {
  /** What is under way; a new label starts a new clock. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
}

const BAR_CELLS = 24;
const MILLISECONDS_BETWEEN_LINES = 500;

/** One line below the cell that rewrites itself, at most twice a second; silent outside a notebook. */
export function liveProgress(): (progress: Progress) => void {
  if (!inNotebook()) return () => undefined;
  const display = rewritableDisplay(randomUUID());
  return throttledProgress((line) => display({ 'text/plain': line }), Date.now);
}

/** Writes a line for the first and the last report of a label, and between them as often as the throttle allows. */
export function throttledProgress(
  write: (line: string) => void,
  now: () => number,
): (progress: Progress) => void {
  let label: string | undefined;
  let started = 0;
  let written = 0;
  return (progress) => {
    const time = now();
    const isNew = progress.label !== label;
    if (isNew) {
      label = progress.label;
      started = time;
    }
    if (!isNew && progress.done < progress.total && time - written < MILLISECONDS_BETWEEN_LINES) return;
    written = time;
    write(progressLine(progress, (time - started) / 1000));
  };
}

/** `PeterRec ███████░░░░░ 60/100 0:30, 0:20 left, loss 0.4`; the time left assumes a steady pace. */
export function progressLine({ label, done, total, detail }: Progress, elapsed: number): string {
  const filled = total > 0 ? Math.round((BAR_CELLS * done) / total) : 0;
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const left = done > 0 && done < total ? `${clock((elapsed * (total - done)) / done)} left` : undefined;
  const rest = [clock(elapsed), left, detail].filter((part) => part !== undefined);
  return `${label} ${bar} ${done}/${total} ${rest.join(', ')}`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
