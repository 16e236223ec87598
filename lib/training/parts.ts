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

/** Runs all parts and yields to the event loop after each; waits while paused. On stop throws its reason. */
export async function paced<T>(
  work: Parts<T>,
  signal: AbortSignal | undefined,
  paused?: () => Promise<void> | undefined,
): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await yieldToEvents();
    await paused?.();
    signal?.throwIfAborted();
  }
}

/** Pauses work while it is closed. */
export class Gate {
  private closed: Promise<void> | undefined;
  private release = () => {};

  /** While closed: resolves when it is opened. */
  readonly paused = (): Promise<void> | undefined => this.closed;

  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  close(): void {
    this.closed ??= new Promise((resolve) => {
      this.release = resolve;
    });
  }

  open(): void {
    this.release();
    this.closed = undefined;
  }
}
