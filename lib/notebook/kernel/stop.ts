/** Under what the process knows who listens: an edit of the library reads this module again, and what it was left is found. */
const LISTENING = Symbol.for('peterrec-workbench.stop');
const kept = globalThis as { [LISTENING]?: () => void };

/**
 * A signal that Stop in the notebook (an interrupt to the kernel) triggers.
 * tslab itself only abandons the cell: its promise would train on in the background.
 * The listener is added once the cell's synchronous part is over: while that runs, Node takes SIGINT for itself and
 * afterwards puts back only what was there before.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const listener = () => stop.abort(new Error('stopped'));
  const before = kept[LISTENING];
  if (before) process.off('SIGINT', before);
  kept[LISTENING] = listener;
  queueMicrotask(() => process.once('SIGINT', listener));
  return stop.signal;
}
