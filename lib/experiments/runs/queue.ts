/** Hands jobs to workers, stage by stage, what others start from first. */
import { programOf } from '../records/record';
import { type Job, startsOf, stemIn } from '../resolve/resolve';

/** Documents by their stems; `onThere` is called once all are there or have diverged. */
export type Stage = { readonly stems: ReadonlySet<string>; readonly onThere: () => void };

/** A job to compute, and whether to wait for another run that computes it. */
export type Turn = { readonly job: Job; readonly waits: boolean };

type Placed = {
  readonly job: Job;
  readonly stem: string;
  readonly starts: readonly string[];
  readonly stage: number;
  /** Jobs of one program are compiled once. */
  readonly program: string;
};

/** Items of the longest sequences of a batch: they take the longest. */
const lengthOf = ({ record }: Job): number => ('lengths' in record ? Math.max(...record.lengths) : 0);

/** Gives jobs stage by stage, trunks first; what starts from a trunk waits until it is there. */
export class Queue {
  private readonly left: Placed[];
  private readonly locked: Placed[] = [];
  private readonly underWay = new Map<Job, Placed>();
  private waiting: (() => void)[] = [];

  constructor(
    jobs: readonly Job[],
    private readonly first: readonly Stage[] = [],
  ) {
    const stageOf = (stem: string) => {
      const stage = first.findIndex(({ stems }) => stems.has(stem));
      return stage < 0 ? first.length : stage;
    };
    const placed = jobs.map((job): Placed => {
      const stem = stemIn(job);
      return { job, stem, starts: startsOf(job), stage: stageOf(stem), program: programOf(job.record) };
    });
    this.left = placed.sort((a, b) => lengthOf(b.job) - lengthOf(a.job));
  }

  /** The next job for a worker that has computed `last`; waits if all that is left starts from what others compute. */
  async next(last?: Job): Promise<Turn | undefined> {
    const program = last && programOf(last.record);
    for (;;) {
      const turn = this.take(program);
      if (turn || (this.left.length === 0 && this.locked.length === 0)) return turn;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Takes a job back; what starts from a diverged one is dropped. */
  end(job: Job, outcome: 'done' | 'locked' | 'diverged'): void {
    const placed = this.underWay.get(job) as Placed;
    this.underWay.delete(job);
    if (outcome === 'locked') this.locked.push(placed);
    if (outcome === 'diverged')
      for (const lost of this.left.filter(({ starts }) => starts.includes(placed.stem))) this.remove(lost);
    for (const wake of this.waiting.splice(0)) wake();
    if (!this.open().some(({ stage }) => stage === placed.stage)) this.first[placed.stage]?.onThere();
  }

  private open = (): Placed[] => [...this.left, ...this.locked, ...this.underWay.values()];

  private remove = (placed: Placed) => this.left.splice(this.left.indexOf(placed), 1);

  /** Prefers trunks, then a seed of the same program, which is compiled, then of the program with most seeds left. */
  private take(last?: string): Turn | undefined {
    const all = this.ready();
    const trunks = all.filter(({ job }) => job.record.kind === 'trunk');
    const ready = trunks.length > 0 ? trunks : all;
    const seeds = new Map<string, number>();
    for (const { program } of ready) seeds.set(program, (seeds.get(program) ?? 0) + 1);
    const most = Math.max(...seeds.values());
    const placed =
      ready.find(({ program }) => program === last) ??
      ready.find(({ program }) => seeds.get(program) === most);
    if (placed) this.remove(placed);
    const taken = placed ?? this.locked.shift();
    if (taken) this.underWay.set(taken.job, taken);
    return taken && { job: taken.job, waits: !placed };
  }

  /** Jobs of the first open stage whose trunk and fused patches are there. */
  private ready(): Placed[] {
    const stems = new Set(this.open().map(({ stem }) => stem));
    const ready = this.left.filter(({ starts }) => !starts.some((stem) => stems.has(stem)));
    const first = Math.min(...ready.map(({ stage }) => stage));
    return ready.filter(({ stage }) => stage === first);
  }
}
