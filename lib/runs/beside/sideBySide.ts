/** A run's computing by several processes at once; documents and trunks in the output folder are all that they share. */
import { computeAll } from '../crew';
import type { Compute } from '../plan';
import { computeHere } from '../worker';
import { withTrainers } from './process';

/** Hands what a run has no document of to that many processes; without any, it is computed in this one. */
export const sideBySide = (processes: number): Compute =>
  processes === 0
    ? computeHere
    : async (plan, left) => {
        const count = Math.min(processes, left.length);
        if (count === 0) return computeAll(plan, left, []);
        const { data, preset, out, codes, signal } = plan.session;
        const opening = { data, tasks: plan.tasks, preset, out, codes, planned: plan.planned };
        await withTrainers({ count, opening, signal }, (crew) => computeAll(plan, left, crew));
      };
