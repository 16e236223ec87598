import path from 'node:path';
import escapeHtml from 'escape-html';
import { writeWhole } from '../../../files/whole';
import { throttledProgress } from '../../../notebook/kernel/progress';
import type { Progress } from '../../../runs/session';

const MILLISECONDS_BETWEEN_PAGES = 10_000;

/** OUT/progress.html: how far a long run is, on a page that loads itself again until it ends. */
export type ProgressPage = {
  readonly report: (progress: Progress) => void;
  /** The page stays as it is. */
  readonly end: (how: string) => void;
};

export function progressPage(out: string, title: string): ProgressPage {
  let latest: readonly [line: string, progress: Progress] | undefined;
  const write = (how?: string) => {
    if (!latest) return;
    try {
      writeWhole(path.join(out, 'progress.html'), page(title, ...latest, how));
    } catch {} // a run does not end for want of its page
  };
  const report = throttledProgress(
    (line, progress) => {
      latest = [line, progress];
      write();
    },
    Date.now,
    MILLISECONDS_BETWEEN_PAGES,
  );
  return { report, end: write };
}

/** With `how` it has ended. */
function page(
  title: string,
  line: string,
  { done, total, share = done / total }: Progress,
  how?: string,
): string {
  const again = how ? '' : `<meta http-equiv="refresh" content="${MILLISECONDS_BETWEEN_PAGES / 1000}">\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${again}<title>${Math.floor(done)}/${total} ${escapeHtml(title)}</title>
<style>body { font: 16px sans-serif; margin: 3em; } pre { white-space: pre-wrap; }</style>
<h1>${escapeHtml(title)}</h1>
<progress value="${share}"></progress>
<pre>${escapeHtml(line)}</pre>
<p>${how ? `${escapeHtml(how)}, ` : ''}as of ${new Date().toISOString()}</p>
</html>
`;
}
