/** Work in parts: timers, messages and Stop get in between. */
export type Parts<T> = Generator<void, T, void>;

/** All parts, one after the other. */
export function atOnce<T>(work: Parts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Lets timers, messages and Stop in. */
export const yieldToEvents = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs all parts and yields to the event loop after each. On stop throws its reason. */
export async function paced<T>(work: Parts<T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await yieldToEvents();
    signal?.throwIfAborted();
  }
}
