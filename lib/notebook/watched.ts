import type { Watch } from '../recipes/pretrain';
import { liveProgress } from './progress';
import { stopSignal } from './stop';

/** What one training in a cell of its own takes: a line of progress over its steps, and Stop. */
export function watched(label: string, steps: number): Watch {
  const report = liveProgress();
  return { onStep: (done) => report({ label, done, total: steps }), signal: stopSignal() };
}
