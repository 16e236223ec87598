import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { untrained } from '../../../lib/experiments/methods/opponents';
import { type Plan, planOf, stemIn, trunkIn, type Unit, unitsOf } from '../../../lib/experiments/runs/plan';
import { Queue } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { everywhere, options } from './tinyRun';

const planned = everywhere(...untrained, causal.PeterRec, causal.FineZero, nonCausal.PeterRec);
const plan = planOf({ ...options, seeds: 3, out: folderWith({}) }, planned);
const units = unitsOf(plan);
const isTrunk = ({ place }: Unit) => plan.jobs[place].of === 'trunk';

/** The order in which one worker gets units, each of which ends as `outcome` says. */
async function served(
  of: Plan,
  outcome: (unit: Unit, waits: boolean) => 'done' | 'locked' | 'diverged' = () => 'done',
): Promise<Unit[]> {
  const queue = new Queue(of, units);
  const order: Unit[] = [];
  for (let turn = await queue.next(); turn; turn = await queue.next(turn.unit)) {
    order.push(turn.unit);
    queue.end(turn.unit, outcome(turn.unit, turn.waits));
  }
  return order;
}

test('each unit has one turn, its trunk before it, and seeds of one job follow each other', async () => {
  const order = await served(plan);
  assert.deepEqual(new Set(order), new Set(units));
  assert.equal(order.length, units.length);
  for (const [i, unit] of order.entries()) {
    const trunk = trunkIn(plan, unit);
    if (trunk) assert.ok(order.slice(0, i).some((before) => stemIn(plan, before) === trunk));
  }
  const changes = order.filter(({ place }, i) => place !== order[i - 1]?.place).length;
  assert.equal(changes, plan.jobs.length);
});

test('first stages come first, in their order, and each is told once it is there', async () => {
  const firstSeedOf = (own: Plan) =>
    new Set(unitsOf({ ...own, seeds: [1] }).map((unit) => stemIn(own, unit)));
  const question = planOf({ ...options, out: plan.session.out }, everywhere(nonCausal.PeterRec));
  const told: number[] = [];
  const seen: Unit[] = [];
  const first = [question, plan].map((own) => ({
    stems: firstSeedOf(own),
    onThere: () => told.push(seen.length),
  }));
  const order = await served({ ...plan, first }, (unit) => {
    seen.push(unit);
    return 'done';
  });
  assert.deepEqual(
    told,
    first.map(({ stems }) => stems.size),
  );
  assert.ok(order.slice(0, told[1]).every(({ seed }) => seed === 1));
});

test('what starts from a trunk that has diverged has no turn', async () => {
  const order = await served(plan, (unit) => (isTrunk(unit) && unit.seed === 2 ? 'diverged' : 'done'));
  const lost = units.filter((unit) => !order.includes(unit));
  assert.ok(lost.length > 0);
  assert.ok(lost.every((unit) => unit.seed === 2 && trunkIn(plan, unit) !== undefined));
});

test('what another run computes is waited for when nothing else is left', async () => {
  const waited: Unit[] = [];
  await served(plan, (unit, waits) => {
    if (waits) waited.push(unit);
    return isTrunk(unit) && !waits ? 'locked' : 'done';
  });
  assert.deepEqual(new Set(waited), new Set(units.filter(isTrunk)));
});

test('a second worker waits for the trunk that the first computes', async () => {
  const queue = new Queue(
    plan,
    units.filter((unit) => isTrunk(unit) || trunkIn(plan, unit)),
  );
  const trunks: Unit[] = [];
  for (const _ of units.filter(isTrunk)) trunks.push((await queue.next())?.unit as Unit);
  assert.ok(trunks.every(isTrunk));
  const next = queue.next();
  queue.end(trunks[0], 'done');
  assert.equal(trunkIn(plan, (await next)?.unit as Unit), stemIn(plan, trunks[0]));
});
