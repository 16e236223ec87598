import path from 'node:path';
import escapeHtml from 'escape-html';
import { writeWhole } from '../../../files/whole';
import { progressLine, throttledProgress } from '../../../notebook/progress';
import type { Progress } from '../../../runs/session/session';

const MILLISECONDS_BETWEEN_PAGES = 10_000;

/** Keeps OUT/progress.html: how far a long run is, on a page that loads itself again until all is done. */
export function progressPage(out: string, title: string): (progress: Progress) => void {
  const started = Date.now();
  let latest: Progress | undefined;
  const write = () => {
    if (latest)
      writeWhole(path.join(out, 'progress.html'), page(title, latest, (Date.now() - started) / 1000));
  };
  const throttled = throttledProgress(write, Date.now, MILLISECONDS_BETWEEN_PAGES);
  return (progress) => {
    latest = progress;
    throttled(progress);
  };
}

/** `elapsed` in seconds. */
export function page(title: string, progress: Progress, elapsed: number): string {
  const isDone = progress.done >= progress.total;
  const again = isDone ? '' : `<meta http-equiv="refresh" content="${MILLISECONDS_BETWEEN_PAGES / 1000}">\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${again}<title>${Math.floor(progress.done)}/${progress.total} ${escapeHtml(title)}</title>
<style>body { font: 16px sans-serif; margin: 3em; } pre { white-space: pre-wrap; }</style>
<h1>${escapeHtml(title)}</h1>
<progress value="${progress.share ?? progress.done / progress.total}"></progress>
<pre>${escapeHtml(progressLine(progress, elapsed))}</pre>
<p>As of ${new Date().toISOString()}</p>
</html>
`;
}
