/** What planned experiments come to: pairs, fingerprints, and the order of units. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint } from '../../../lib/base/fingerprint';
import type { Experiment, Planned } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, identityOf } from '../../../lib/experiments/methods/identity';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { LabelCS, opponents, Popularity, untrained } from '../../../lib/experiments/opponents/opponents';
import { pairsOf } from '../../../lib/experiments/resolve/pairs';
import { sourceFingerprint, taskFingerprint } from '../../../lib/experiments/runs/declaration';
import { type Plan, planOf, stemIn, trunkIn, type Unit, unitsOf } from '../../../lib/experiments/runs/plan';
import { Queue } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { news, parity, source } from '../recipes/tinyTasks';
import { everywhere, options } from './tinyRun';

const { PeterRec, FineAll } = causal;
const tasks = [news, parity];
const namesOf = (...planned: Planned[]) =>
  pairsOf(tasks, planned).map(({ task, experiment }) => `${task.name}: ${identityOf(experiment)}`);
const all = (...experiments: Experiment[]): Planned => ({ on: 'all', experiments });

test('every experiment is run once on every task that it is planned for, whatever two plans call it', () => {
  assert.deepEqual(namesOf(all(PeterRec, opponents.NeuFM), { on: 'classify', experiments: [FineAll] }), [
    'News: PeterRec on the causal trunk',
    'News: NeuFM',
    'Parity: PeterRec on the causal trunk',
    'Parity: NeuFM',
    'Parity: FineAll on the causal trunk',
  ]);
  assert.deepEqual(namesOf(all(LabelCS, Popularity)), ['News: Popularity', 'Parity: LabelCS']);
  assert.deepEqual(namesOf(all(PeterRec), all(called(PeterRec, 'PeterRec_al'), FineAll)), [
    'News: PeterRec on the causal trunk',
    'Parity: PeterRec on the causal trunk',
    'News: FineAll on the causal trunk',
    'Parity: FineAll on the causal trunk',
  ]);
  const others = [{ ...PeterRec, training: 0.1 }, { ...PeterRec, pretraining: 0.1 }, nonCausal.PeterRec];
  assert.equal(pairsOf([parity], [all(PeterRec, ...others)]).length, 4);
});

/** Negatives that are always the next label. */
const next: Own<'negatives'> = {
  own: 'negatives',
  name: 'next',
  functions: { negatives: { source: '(label, { labels }) => (label + 1) % labels', imports: [] } },
};
const drawn: Experiment = { ...PeterRec, id: 'Drawn', negatives: next };

test('a share of 1 is no share', () => {
  const [{ experiment }] = pairsOf([news], everywhere({ ...causal.PeterRec, training: 1 }));
  assert.deepEqual(experiment, causal.PeterRec);
});

test('negatives of one’s own are for losses that sample them', () =>
  assert.deepEqual(namesOf({ on: 'recommend', experiments: [drawn] }), ['News: Drawn on the causal trunk']));

const refusals: readonly (readonly [planned: readonly Planned[], message: RegExp])[] = [
  [[all({ ...PeterRec, training: 0 })], /^PeterRec: training 0: expected a share above 0/],
  [[all({ ...PeterRec, pretraining: 1.5 })], /^PeterRec: pretraining 1\.5: .* at most 1$/],
  [[all(PeterRec, FineAll, called(PeterRec, 'mine'))], /^PeterRec on the causal trunk stands twice/],
  [[all(PeterRec), all({ ...PeterRec, loss: 'authors' })], /^PeterRec .* declared in two ways/],
  [[all((causal as Record<string, Experiment>).PeterRek)], /^experiments: .*, found undefined$/],
  [
    [{ experiments: [PeterRec] } as unknown as Planned],
    /^runs: expected entries \{ on, experiments \}, found one of experiments$/,
  ],
  [[{ on: ['Parrity'], experiments: [PeterRec] }], /^task Parrity: expected one of News, Parity, /],
  [[all(drawn)], /^Drawn on the causal trunk on Parity: negatives next: expected a loss/],
  [[all({ ...drawn, loss: 'cross-entropy' })], /on News: negatives next: expected/],
  ...['../PeterRec', 'Peter Rec', '', '.hidden', 'a'.repeat(151)].map(
    (id) => [[all({ ...PeterRec, id })], /^experiment "[^"]*": expected an id of at most 150/] as const,
  ),
];
for (const [planned, message] of refusals)
  test(`refused: ${message.source}`, () =>
    assert.throws(() => pairsOf(tasks, planned), { name: 'UserError', message }));

test('an id may have letters, digits, dots, dashes and underscores, 150 in all', () => {
  for (const id of ['PeterRec-with-training-0.5', 'a_b', 'a'.repeat(150)])
    assert.equal(pairsOf([parity], [all({ ...PeterRec, id })])[0].experiment.id, id);
});

test('the order of keys keeps a fingerprint, a value and the order of a list change it', () => {
  const digits = fingerprint({ a: 1, b: { c: [1, 2], d: null } });
  assert.match(digits, /^[0-9a-f]{12}$/);
  assert.equal(fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }), digits);
  assert.notEqual(fingerprint({ a: 1, b: { c: [2, 1], d: null } }), digits);
  assert.notEqual(fingerprint({ a: 2, b: { c: [1, 2], d: null } }), digits);
});

test('every part of a source and of a task that decides numbers is in its fingerprint', () => {
  const sequences = [...source.sequences];
  sequences[0] = sequences[0].map((item, i) => (i === 0 ? (item % 12) + 1 : item));
  const sources = [
    source,
    { ...source, length: 9 },
    { ...source, sequences },
    { ...source, preceding: [Int32Array.of(1), ...source.preceding.slice(1)] },
    { ...source, items: [...source.items].reverse() },
    { ...source, users: [...source.users].reverse() },
  ];
  assert.equal(new Set(sources.map(sourceFingerprint)).size, sources.length);
  const split = { train: [0], valid: [1], test: [2] };
  const tasks = [
    ...sources.map((of) => ({ ...news, source: of })),
    { ...news, instances: news.instances.slice(1) },
    { ...news, labels: [...news.labels, 'more'] },
    { ...news, known: news.known.map((labels) => [...labels, 0]) },
    { ...news, given: { split, negatives: [] } },
    { ...news, given: { split, negatives: [Int32Array.of(1)] } },
    { ...news, name: 'Olds' },
  ];
  assert.equal(new Set(tasks.map(taskFingerprint)).size, tasks.length);
});

test('a task whose states are kept by another metric is another', () => {
  assert.notEqual(taskFingerprint({ ...news, metric: 'NDCG@5' }), taskFingerprint(news));
});

test('where one sequence ends and the next begins counts', () => {
  const split = (...sequences: number[][]) =>
    sourceFingerprint({ ...source, sequences: sequences.map((items) => Int32Array.from(items)) });
  assert.notEqual(split([1, 2], [3]), split([1], [2, 3]));
});

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

test('a trunk that lacks one seed comes before jobs that lack all', async () => {
  const [trunk] = units.filter((unit) => isTrunk(unit) && unit.seed === 3);
  const rest = units.filter((unit) => !isTrunk(unit));
  assert.deepEqual((await new Queue(plan, [...rest, trunk]).next())?.unit, trunk);
});

test('first stages come first, in their order, and each is told once it is there', async () => {
  const firstSeedOf = (own: Plan) =>
    new Set(unitsOf({ ...own, seeds: [1] }).map((unit) => stemIn(own, unit)));
  const question = planOf({ ...options, out: plan.session.out }, everywhere(nonCausal.PeterRec));
  const told: number[] = [];
  const seen: Unit[] = [];
  const onThere = () => told.push(seen.length);
  const first = [question, plan].map((own) => ({ stems: firstSeedOf(own), onThere }));
  const order = await served({ ...plan, first }, (unit) => (seen.push(unit) ? 'done' : 'locked'));
  assert.deepEqual([told[0], told[1]], [first[0].stems.size, first[1].stems.size]);
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
  const onTrunks = units.filter((unit) => isTrunk(unit) || trunkIn(plan, unit));
  const queue = new Queue(plan, onTrunks);
  const trunks: Unit[] = [];
  for (const _ of units.filter(isTrunk)) trunks.push((await queue.next())?.unit as Unit);
  assert.ok(trunks.every(isTrunk));
  const next = queue.next();
  queue.end(trunks[0], 'done');
  assert.equal(trunkIn(plan, (await next)?.unit as Unit), stemIn(plan, trunks[0]));
});
