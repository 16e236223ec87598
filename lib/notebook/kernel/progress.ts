import type { Progress } from '../../experiments/runs/progress';

const BAR_CELLS = 24;
const MILLISECONDS_BETWEEN_LINES = 500;

/** Writes a line for the first and the last report, and between them as often as the throttle allows. */
export function throttledProgress(
  write: (line: string) => void,
  pause = MILLISECONDS_BETWEEN_LINES,
): (progress: Progress) => void {
  const started = Date.now();
  let written = Number.NEGATIVE_INFINITY;
  let first: number | undefined;
  return (progress) => {
    first ??= shareOf(progress);
    const time = Date.now();
    if (progress.done < progress.total && time - written < pause) return;
    written = time;
    write(progressLine(progress, (time - started) / 1000, first));
  };
}

const shareOf = ({ done, total }: Progress): number => (total > 0 ? done / total : 0);

/** `███████░░░░░ 60/100 in 0:30, 0:20 left: PeterRec`; without an estimate by the pace since `first`, the share at the start. */
export function progressLine(progress: Progress, elapsed: number, first = 0): string {
  const { label, done, total } = progress;
  const share = shareOf(progress);
  const filled = Math.round(BAR_CELLS * share);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const byPace = share > first ? (elapsed * (1 - share)) / (share - first) : undefined;
  const { secondsLeft = byPace } = progress;
  const left = secondsLeft !== undefined && done < total ? `, ${clock(secondsLeft)} left` : '';
  return `${bar} ${Math.floor(done)}/${total} in ${clock(elapsed)}${left}: ${label}`;
}

/** `0:30`, and from an hour on `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (count: number) => String(count).padStart(2, '0');
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}
