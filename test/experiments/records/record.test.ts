/** A record holds all that decides the numbers of a training, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Weight } from '../../../lib/engine/weights';
import type { Experiment } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { vary } from '../../../lib/experiments/methods/vary';
import { opponents, Popularity } from '../../../lib/experiments/opponents/opponents';
import type { Found } from '../../../lib/experiments/recipes/recipe';
import { gathered, nameOf, spread, type TrainingRecord } from '../../../lib/experiments/records/record';
import { type Job, resolve, startsOf, stemIn } from '../../../lib/experiments/resolve/resolve';
import { train } from '../../../lib/experiments/runs/train';
import type { TrunkWeights } from '../../../lib/model/trunks/trunk';
import { news, preset } from '../recipes/tinyTasks';
import { numbers } from '../recipes/trained';

const { PeterRec, FineZero } = causal;
const { ItemCooccurrence, BagOfItems, EASE, NeuFM, DeepFM, MTL } = opponents;
const experiments: readonly Experiment[] = [
  PeterRec,
  FineZero,
  vary(PeterRec, { patches: { form: 'LoRA', rank: { as: 2 }, alpha: 2 } }),
  vary(PeterRec, {
    trunk: 'SASRec',
    patches: { form: '(IA)³' },
    itemRank: 2,
    pastRank: 1,
    training: 0.5,
    halves: 0.5,
  }),
  ...[ItemCooccurrence, BagOfItems, EASE, NeuFM, DeepFM, MTL, Popularity],
];
/** Trunks first. */
const jobs = resolve([{ on: 'all', experiments }], { data: 'made-up', tasks: [news], preset, seeds: 1 });

/** Digests, and names of what a training is given: they decide no number by themselves. */
const GIVEN = ['code', 'data', 'source', 'from', 'fusedFrom'];

/** The record with the keys that are read of it. */
function watched(record: TrainingRecord) {
  const read = new Set<string>();
  const get = (target: TrainingRecord, key: string | symbol) => {
    if (typeof key === 'symbol') return Reflect.get(target, key);
    assert.ok(key in target, `${key} is read, and not in the record`);
    read.add(key);
    return Reflect.get(target, key);
  };
  return { read, record: new Proxy(record, { get }) };
}

/** All that is found but the time it took. */
const found = ({ seconds: _, ...own }: Found) => numbers(own);

const trunks = new Map<string, TrunkWeights<Weight>>();
const trained = (job: Job, record = job.record) => {
  const trunk = trunks.get(startsOf(job)[0] ?? '');
  return train(record, [news], {}, trunk ? { trunk } : {});
};

for (const job of jobs)
  test(`${job.label}: every key is read, no other, and a line of JSON trains to the same numbers`, async () => {
    const { read, record } = watched(job.record);
    const own = await trained(job, record);
    if (own.trunk) trunks.set(stemIn(job), own.trunk);
    const unread = Object.keys(job.record).filter((key) => !read.has(key) && !GIVEN.includes(key));
    assert.deepEqual(unread, []);
    assert.deepEqual(found(await trained(JSON.parse(JSON.stringify(job)))), found(own));
  });

/** Another value of the type. */
function another(value: unknown): unknown {
  if (Array.isArray(value)) return [...value, 7];
  return typeof value === 'number' ? value + 1e-9 : `${value}!`;
}

test('any other value of any key names another document', () => {
  const names = jobs.flatMap(({ record }) => [
    nameOf(record),
    ...Object.entries(record).map(([key, value]) =>
      nameOf({ ...record, [key]: another(value) } as TrainingRecord),
    ),
  ]);
  assert.equal(new Set(names).size, names.length);
  const turned = (record: TrainingRecord) => Object.fromEntries(Object.entries(record).reverse());
  for (const { record } of jobs) assert.equal(nameOf(turned(record) as TrainingRecord), nameOf(record));
});

const own = {
  own: 'patch',
  name: 'film',
  functions: {
    fresh: {
      source: '(k) => exports.ones([k])',
      imports: [{ as: 'ones', module: 'm', name: 'n', digest: 'd' }],
    },
    apply: { source: '(E) => E', imports: [] },
  },
};
const values: readonly unknown[] = [
  ...[null, 'everything', { form: 'LoRA', rank: 8, alpha: 8 }, own],
  { place: 'serial', activation: 'relu', perBlock: 2, bottleneck: 4, patch: own },
  { form: 'fusion', base: { place: 'parallel', shortcut: 'with', bottleneck: 4 } },
];

test('a group of values is spread over flat keys and gathered again', () => {
  for (const value of values) {
    const flat = { seed: 1, patchesOf: 2, ...spread('patches', value) };
    const isGroup = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
    assert.ok(!Object.values(flat).some(isGroup));
    assert.deepEqual(gathered(flat, 'patches'), value);
  }
  assert.deepEqual(spread('negatives', undefined), {});
  assert.equal(gathered({ seed: 1 }, 'negatives'), undefined);
});
