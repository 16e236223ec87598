/** Which unit of a plan is computed next. */
import { type Part, type Plan, stemIn, trunkIn, type Unit } from './plan';

/** A unit to compute; one that another run was at is waited for. */
export type Turn = { readonly unit: Unit; readonly waits: boolean };

/** Units part by part, of each the trunks first; what starts from a trunk has its turn once the trunk is there. */
export class Queue {
  private readonly left: Unit[];
  private readonly held: Unit[] = [];
  private readonly atWork = new Set<Unit>();
  private readonly ranks: ReadonlyMap<Unit, number>;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly plan: Plan,
    units: readonly Unit[],
    private readonly parts: readonly Part[] = [],
  ) {
    this.ranks = new Map(units.map((unit) => [unit, this.rankOf(unit)]));
    const isTrunk = ({ place }: Unit) => plan.jobs[place].of === 'trunk';
    const before = (a: Unit, b: Unit) =>
      Number(isTrunk(b)) - Number(isTrunk(a)) || plan.jobs[b.place].length - plan.jobs[a.place].length;
    this.left = [...units].sort(before);
  }

  /** The next unit for a worker that was busy with `last`; waits where all that is left starts from what others are at. */
  async next(last?: Unit): Promise<Turn | undefined> {
    for (;;) {
      const turn = this.take(last);
      if (turn || (this.left.length === 0 && this.held.length === 0)) return turn;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** A unit is there, another run is at it, or it has run away and what starts from it is left out. */
  end(unit: Unit, outcome: 'done' | 'held' | 'diverged'): void {
    this.atWork.delete(unit);
    if (outcome === 'held') this.held.push(unit);
    const stem = stemIn(this.plan, unit);
    if (outcome === 'diverged')
      for (const lost of this.left.filter((one) => trunkIn(this.plan, one) === stem))
        this.left.splice(this.left.indexOf(lost), 1);
    for (const wake of this.waiting.splice(0)) wake();
    const rank = this.ranks.get(unit) as number;
    const isOpen = [...this.left, ...this.held, ...this.atWork].some((one) => this.ranks.get(one) === rank);
    if (!isOpen) this.parts[rank]?.onThere();
  }

  private rankOf(unit: Unit): number {
    const stem = stemIn(this.plan, unit);
    const rank = this.parts.findIndex(({ stems }) => stems.has(stem));
    return rank < 0 ? this.parts.length : rank;
  }

  /** Another seed of the same job, for which all is compiled, else of the job that most seeds are left of. */
  private take(last?: Unit): Turn | undefined {
    const ready = this.ready();
    const seeds = new Map<number, number>();
    for (const { place } of ready) seeds.set(place, (seeds.get(place) ?? 0) + 1);
    const most = Math.max(...seeds.values());
    const unit =
      ready.find(({ place }) => place === last?.place) ??
      ready.find(({ place }) => seeds.get(place) === most);
    const held = unit ? undefined : this.held.shift();
    const taken = unit ?? held;
    if (!taken) return undefined;
    if (unit) this.left.splice(this.left.indexOf(unit), 1);
    this.atWork.add(taken);
    return { unit: taken, waits: taken === held };
  }

  /** Of the first part that has some, the units whose trunk nobody has to compute any more. */
  private ready(): Unit[] {
    const open = new Set(
      [...this.left, ...this.held, ...this.atWork]
        .filter(({ place }) => this.plan.jobs[place].of === 'trunk')
        .map((unit) => stemIn(this.plan, unit)),
    );
    const ready = this.left.filter((unit) => !open.has(trunkIn(this.plan, unit) ?? ''));
    const first = Math.min(...ready.map((unit) => this.ranks.get(unit) as number));
    return ready.filter((unit) => this.ranks.get(unit) === first);
  }
}
