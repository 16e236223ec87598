/** The order in which workers get jobs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { untrained } from '../../../lib/experiments/opponents/opponents';
import { programOf } from '../../../lib/experiments/records/record';
import { type Job, resolve, startsOf, stemIn } from '../../../lib/experiments/resolve/resolve';
import { Queue, type Stage } from '../../../lib/experiments/runs/queue';
import { everywhere, options } from './tinyRun';

const planned = everywhere(...untrained, causal.PeterRec, causal.FineZero, nonCausal.PeterRec);
const jobs = resolve(planned, { ...options, seeds: 3 });
const isTrunk = ({ record }: Job) => record.kind === 'trunk';
const trunkOf = (job: Job): string | undefined => startsOf(job)[0];

/** The order in which one worker gets jobs, each of which ends as `outcome` says. */
async function served(
  outcome: (job: Job, waits: boolean) => 'done' | 'locked' | 'diverged' = () => 'done',
  first: readonly Stage[] = [],
): Promise<Job[]> {
  const queue = new Queue(jobs, first);
  const order: Job[] = [];
  for (let turn = await queue.next(); turn; turn = await queue.next(turn.job)) {
    order.push(turn.job);
    queue.end(turn.job, outcome(turn.job, turn.waits));
  }
  return order;
}

test('each job has one turn, its trunk before it, and seeds of one program follow each other', async () => {
  const order = await served();
  assert.deepEqual(new Set(order), new Set(jobs));
  assert.equal(order.length, jobs.length);
  for (const [i, job] of order.entries()) {
    const trunk = trunkOf(job);
    if (trunk) assert.ok(order.slice(0, i).some((before) => stemIn(before) === trunk));
  }
  const programs = order.map(({ record }) => programOf(record));
  const changes = programs.filter((program, i) => program !== programs[i - 1]).length;
  assert.equal(changes, jobs.length / 3);
});

test('a trunk that lacks one seed comes before jobs that lack all', async () => {
  const [trunk] = jobs.filter((job) => isTrunk(job) && job.record.seed === 3);
  const rest = jobs.filter((job) => !isTrunk(job));
  assert.equal((await new Queue([...rest, trunk]).next())?.job, trunk);
});

test('first stages come first, in their order, and each is told once it is there', async () => {
  const question = resolve(everywhere(nonCausal.PeterRec), { ...options, seeds: 3 });
  const told: number[] = [];
  const seen: Job[] = [];
  const onThere = () => told.push(seen.length);
  const first = [question, jobs].map((own) => {
    const ofFirstSeed = own.filter(({ record }) => record.seed === 1);
    return { stems: new Set(ofFirstSeed.map(stemIn)), onThere };
  });
  const order = await served((job) => (seen.push(job) ? 'done' : 'locked'), first);
  assert.deepEqual([told[0], told[1]], [first[0].stems.size, first[1].stems.size]);
  assert.ok(order.slice(0, told[1]).every(({ record }) => record.seed === 1));
});

test('what starts from a trunk that has diverged has no turn', async () => {
  const order = await served((job) => (isTrunk(job) && job.record.seed === 2 ? 'diverged' : 'done'));
  const lost = jobs.filter((job) => !order.includes(job));
  assert.ok(lost.length > 0);
  assert.ok(lost.every((job) => job.record.seed === 2 && trunkOf(job) !== undefined));
});

test('what another run computes is waited for when nothing else is left', async () => {
  const waited: Job[] = [];
  await served((job, waits) => {
    if (waits) waited.push(job);
    return isTrunk(job) && !waits ? 'locked' : 'done';
  });
  assert.deepEqual(new Set(waited), new Set(jobs.filter(isTrunk)));
});

test('a second worker waits for the trunk that the first computes', async () => {
  const queue = new Queue(jobs.filter((job) => isTrunk(job) || trunkOf(job)));
  const trunks: Job[] = [];
  for (const _ of jobs.filter(isTrunk)) trunks.push((await queue.next())?.job as Job);
  assert.ok(trunks.every(isTrunk));
  const next = queue.next();
  queue.end(trunks[0], 'done');
  assert.equal(trunkOf((await next)?.job as Job), stemIn(trunks[0]));
});
