/** A research question as data: what it runs, what it asks, and what it shows of the results. */
import type { Claim } from '../evidence/claims';
import type { Question } from '../evidence/questions';
import type { CompletedRun } from '../experiments/documents/completedRun';
import type { Experiment, Planned } from '../experiments/methods/experiment';
import type { TaskAccount } from '../experiments/runs/taskAccounts';
import type { BenchFacts } from '../experiments/workbench/workbench';
import type { Answer } from '../report/answer/answer';
import type { Figure } from '../report/figure/smallMultiples';
import type { Table } from '../report/table/table';

/** Runs, and the families of claims that are asked of them, each with its own correction. */
export type Asks = {
  readonly runs: readonly Planned[];
  readonly asks?: readonly (readonly Question[])[];
};

/** A question that `reproduce` answers; the cells of its notebook call the same functions. */
export type ResearchQuestion = Required<Asks> & {
  readonly title: string;
  /** One sentence on what is compared, in Markdown. */
  readonly about: string;
  /** Claims among which a decided one must stand too. */
  readonly overall?: readonly Question[];
  /** Methods whose weights for every task it shows. */
  readonly stored?: readonly Experiment[];
  readonly show: (completed: CompletedRun, found: Context) => Findings;
};

export type Context = {
  readonly bench: BenchFacts;
  /** Weights that the methods of `stored` would tune and keep for every task. */
  readonly accounts: readonly TaskAccount[];
  /** Claims of each family, in the order of `asks`. */
  readonly claims: readonly (readonly Claim[])[];
};

export type Findings = {
  readonly answer: Answer;
  /** In the order of the page. */
  readonly main: readonly (Table | Figure)[];
  /** Folded on the page. */
  readonly details: readonly (Table | Figure)[];
};
