/**
 * A signal that Stop in the notebook (an interrupt to the kernel) triggers.
 * tslab itself only abandons the cell: its promise would train on in the background.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  return stop.signal;
}
