/** What is said between a run and the processes that train for it. */
import type { Task } from '../../datasets/tasks/tasks';
import type { Planned } from '../../methods/experiment';
import type { Preset } from '../../methods/presets';
import type { Outcome } from '../crew';
import type { Cost } from '../estimate/estimate';
import type { StepKind } from '../jobs/workload';
import type { Unit } from '../plan';
import type { Codes } from '../session/codes';
import type { Moment } from '../session/session';

/** All that a process has to know of a run. */
export type Opening = {
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  readonly out: string;
  readonly codes: Codes;
  readonly planned: readonly Planned[];
};

export type Request =
  | ({ readonly do: 'open' } & Opening)
  | { readonly do: 'compute'; readonly unit: Unit; readonly waits: boolean }
  | { readonly do: 'measure'; readonly kinds: readonly StepKind[] };

/** Said at any time, and not answered: what trains is held up, or goes on. */
export type Hold = { readonly do: 'hold'; readonly isHeld: boolean };

/** What became of a unit, or the costs of steps, where that was asked for. */
export type Done = { readonly outcome?: Outcome; readonly costs?: readonly Cost[] };

/** How far the unit under way is; then, once for each request, that it is done or why it failed. */
export type Answer =
  | { readonly label: string; readonly share: number; readonly moment?: Moment | undefined }
  | { readonly done: Done }
  | { readonly failed: string; readonly byUser: boolean };
