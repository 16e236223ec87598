import type { Result } from '../../documents/document';
import type { Key } from '../../documents/store';
import type { Session } from '../session/session';
import type { Workload } from './workload';

/** The documents of one trunk, or of one experiment on one task, a document a seed. */
export type Job = {
  readonly of: 'trunk' | 'experiment';
  /** Items of a sequence that it trains on: what takes longest has the longest. */
  readonly length: number;
  /** Of one seed; nothing where it takes seconds. */
  readonly workload: Workload | undefined;
  readonly labelOf: (seed: number) => string;
  readonly keyOf: (seed: number) => Key;
  /** The document of a seed, with all that it left, if it is there and was made from the trunk that is there. */
  readonly documentOf: (seed: number) => Result | undefined;
  /** The trunk that a seed starts from, if it starts from one. */
  readonly trunkOf: (seed: number) => Key | undefined;
  readonly begin: (session: Session) => Computing;
};

/** A job under way: what is compiled serves all seeds. */
export type Computing = {
  /** Leaves the document of a seed. */
  readonly seed: (seed: number) => Promise<void>;
  readonly dispose: () => void;
};
