/** What is said between a run and the processes that train for it. */
import type { Task } from '../../datasets/tasks/tasks';
import type { Planned } from '../../methods/experiment';
import type { Preset } from '../../methods/presets';
import type { Cost, StepKind } from '../estimate/estimate';

/** All that a process has to know of a run. */
export type Opening = {
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  readonly out: string;
  /** Fingerprint of the code that decides the numbers. */
  readonly code: string;
  readonly planned: readonly Planned[];
};

/** One seed of one of the plan's trunks, or of one of its pairs of task and experiment, by its place among them. */
export type Unit = { readonly of: 'trunks' | 'pairs'; readonly place: number; readonly seed: number };

export type Request =
  | ({ readonly do: 'open' } & Opening)
  | { readonly do: 'train'; readonly unit: Unit }
  | { readonly do: 'measure'; readonly kinds: readonly StepKind[] };

/** How far the unit under way is; then, once for each request, that it is done or why it failed. */
export type Answer =
  | { readonly label: string; readonly share: number }
  | { readonly done: readonly Cost[] }
  | { readonly failed: string; readonly byUser: boolean };
