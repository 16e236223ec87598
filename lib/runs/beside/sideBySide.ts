/** A run's training by several processes at once; documents and trunks in the output folder are all that they share. */
import { hasTrunk } from '../pretrainTrunks';
import type { Beside, Plan } from '../run';
import { hasResult } from '../runExperiment';
import { seedsOf } from '../session/session';
import type { Unit } from './messages';
import { type Trainer, withTrainers } from './process';

/** Hands all that a run has no document of to that many processes; without any, it is left to the run itself. */
export const sideBySide =
  (processes: number): Beside =>
  async (plan) => {
    const { trunks, pairs } = leftOf(plan);
    const count = Math.min(processes, trunks.length + pairs.length);
    if (count === 0) return;
    const { data, tasks, preset, out, code, signal } = plan.session;
    const opening = { data, tasks, preset, out, code, planned: plan.planned };
    await withTrainers({ count, opening, signal }, async (crew) => {
      await trainAll(plan, crew, trunks, plan.trunks.length);
      await trainAll(plan, crew, pairs, plan.trunks.length + plan.pairs.length);
    });
  };

/** What a run has no document of; the longest trunks first, so that all processes end at about the same time. */
function leftOf({ session, trunks, pairs }: Plan): Readonly<Record<Unit['of'], Unit[]>> {
  const seeds = seedsOf(session);
  const units = (of: Unit['of'], count: number) =>
    Array.from({ length: count }, (_, place) => seeds.map((seed): Unit => ({ of, place, seed }))).flat();
  const lengthOf = ({ place }: Unit) => trunks[place].source.length;
  return {
    trunks: units('trunks', trunks.length)
      .filter(({ place, seed }) => !hasTrunk(session, trunks[place], seed))
      .sort((a, b) => lengthOf(b) - lengthOf(a)),
    pairs: units('pairs', pairs.length).filter(({ place, seed }) => !hasResult(session, pairs[place], seed)),
  };
}

/** Trains units, the last of which make up the first `subjects` of the plan with all their seeds. */
async function trainAll(
  { session }: Plan,
  crew: readonly Trainer[],
  units: readonly Unit[],
  subjects: number,
): Promise<void> {
  const { onProgress, count } = session;
  const left = [...units];
  const under = new Map<Trainer, number>();
  let done = subjects * seedsOf(session).length - units.length;
  const report = (label: string) => {
    const parts = [...under.values()].reduce((sum, share) => sum + share, 0);
    onProgress?.({ label, done: done + parts, total: count.total });
  };
  const serve = async (trainer: Trainer) => {
    let last = '';
    for (let unit = take(left); unit; unit = take(left, unit)) {
      await trainer.train(unit, ({ label, share }) => {
        last = label;
        under.set(trainer, share);
        report(label);
      });
      under.delete(trainer);
      done++;
      report(last);
    }
  };
  await Promise.all(crew.map(serve));
}

/**
 * The next unit for a process that was busy with `last`: another seed of the same, for which all is compiled, else the first
 * of those that most seeds are left of, so that processes seldom compile the same.
 */
function take(left: Unit[], last?: Unit): Unit | undefined {
  const seeds = new Map<number, number>();
  for (const { place } of left) seeds.set(place, (seeds.get(place) ?? 0) + 1);
  const most = Math.max(...seeds.values());
  const own = left.findIndex(({ place }) => place === last?.place);
  const fullest = left.findIndex(({ place }) => seeds.get(place) === most);
  return left.splice(own >= 0 ? own : fullest, 1)[0];
}
