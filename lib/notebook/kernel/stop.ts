let listening: (() => void) | undefined;

/**
 * A signal that Stop in the notebook (an interrupt to the kernel) triggers.
 * tslab itself only abandons the cell: its promise would train on in the background.
 * The listener is added once the cell's synchronous part is over: while that runs, Node takes SIGINT for itself and
 * afterwards puts back only what was there before.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const listener = () => stop.abort(new Error('stopped'));
  if (listening) process.off('SIGINT', listening);
  listening = listener;
  queueMicrotask(() => process.once('SIGINT', listener));
  return stop.signal;
}
