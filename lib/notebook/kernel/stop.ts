let listening: (() => void) | undefined;

/**
 * A signal that Stop in the notebook (an interrupt to the kernel) triggers. tslab itself only abandons the cell: its promise would
 * train on. The listener is exchanged after the cell's synchronous part: until then Node takes SIGINT for itself, and puts back
 * the listeners of before.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const listener = () => stop.abort(new Error('stopped'));
  queueMicrotask(() => {
    if (listening) process.off('SIGINT', listening);
    listening = listener;
    process.once('SIGINT', listener);
  });
  return stop.signal;
}
