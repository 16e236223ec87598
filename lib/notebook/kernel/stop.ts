/** Under what the process knows who listens: an edit of the library reads this module again, and what it was left is found. */
const LISTENING = Symbol.for('peterrec-workbench.stop');
const kept = globalThis as { [LISTENING]?: () => void };

/**
 * A signal that Stop in the notebook (an interrupt to the kernel) triggers.
 * tslab itself only abandons the cell: its promise would train on in the background.
 * Who listens is exchanged once the cell's synchronous part is over: while that runs, Node takes SIGINT for itself and
 * afterwards puts back just what was there before.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const listener = () => stop.abort(new Error('stopped'));
  queueMicrotask(() => {
    if (kept[LISTENING]) process.off('SIGINT', kept[LISTENING]);
    kept[LISTENING] = listener;
    process.once('SIGINT', listener);
  });
  return stop.signal;
}
