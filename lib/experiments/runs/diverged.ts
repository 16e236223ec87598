/** Advice for trainings whose loss is NaN or infinite. */
import type { Diverged } from '../../training/fit';
import { isOwn, type Own } from '../methods/own/own';
import { gathered } from '../records/record';
import type { Job } from '../resolve/resolve';

/** What diverged, at which rate, and what helps. */
export function explained({ message }: Diverged, { record, label }: Job): string {
  const at = 'rate' in record ? `rate ${record.rate}` : 'its preset’s rate';
  return `${label}: ${message}, at ${at}; what was finished before is kept. ${remedyFor(gathered(record, 'loss'))}`;
}

/** The advice for a loss that is NaN or infinite; suspects a researcher's own loss first. */
export const remedyFor = (loss: unknown): string =>
  isOwn(loss)
    ? `Check that your own loss ${(loss as Own<'loss'>).name} is a number for every batch (no division by 0, no log of 0), then try a lower rate.`
    : 'Try a lower rate, in `budgets` of the notebook’s parameters or, where nothing was tuned, of the card, or let `npm run tune` choose one.';
