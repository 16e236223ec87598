import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fingerprint } from '../../../lib/base/fingerprint';
import { instanceNumbers } from '../../../lib/data/tasks/numbers';
import { splitInstances, withTraining } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import { backend, tf } from '../../../lib/engine/native';
import { countWeights } from '../../../lib/engine/weights';
import type { CompletedRun } from '../../../lib/experiments/documents/completedRun';
import type { Result } from '../../../lib/experiments/documents/document';
import { instanceRows } from '../../../lib/experiments/documents/results';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { LabelCS, untrained } from '../../../lib/experiments/opponents/opponents';
import { gathered } from '../../../lib/experiments/records/record';
import { trunkShape } from '../../../lib/experiments/records/trunks';
import { resolve, stemIn } from '../../../lib/experiments/resolve/resolve';
import type { Progress } from '../../../lib/experiments/runs/progress';
import { leftOf, type RunOptions, run } from '../../../lib/experiments/runs/run';
import { loadPatches, loadUserModel } from '../../../lib/model/files/patchFile';
import { cardOf, loadWeights } from '../../../lib/model/files/safetensors';
import { metricsOf } from '../../../lib/training/evaluate';
import { folderWith } from '../../data/folders';
import { news, parity, preset, source } from '../recipes/tinyTasks';
import { trunkOf } from '../recipes/trained';
import { allNumbers, both, everywhere, files, namesIn, numbersOf, options } from './tinyRun';

/** The run that the first tests look at: two experiments, both tasks, two seeds. */
const whole = folderWith({});
let completed: CompletedRun;
const seen: Progress[] = [];
before(async () => {
  completed = await run({ ...options, out: whole, seeds: 2, onProgress: (one) => seen.push(one) }, both);
});

/** Popularity and PeterRec on News, and their trunk. */
const ofNews = () => {
  const [popularity, peterRec] = completed.results.filter(({ task, seed }) => task === 'News' && seed === 1);
  return { popularity, peterRec, trunk: completed.pretraining[0] };
};
const beside = ({ instances }: Result, folder: string, ending: string) =>
  path.join(whole, folder, instances.replace(/tsv$/, ending));
const parsed = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8'));

test('a run leaves a document and a TSV for each experiment, task and seed, its trunks and patches', () => {
  assert.deepEqual([completed.results.length, completed.pretraining.length], [2 * 2 * 2, 2]);
  const patches = ['News-PeterRec', 'Parity-PeterRec'];
  const expected = [
    ...['Films-pretrain', 'News-Popularity', 'Parity-LabelCS', ...patches].flatMap((stem) =>
      ['json', 'tsv'].map((ending) => `results/${stem}-#-s#.${ending}`),
    ),
    ...['safetensors', 'json', 'items.json'].map((ending) => `models/Films-pretrain-#-s#.${ending}`),
    ...patches.flatMap((stem) => ['safetensors', 'json'].map((ending) => `models/${stem}-#-s#.${ending}`)),
  ];
  const found = namesIn(whole).map((name) => name.replace(/-[0-9a-f]{12}-s[12]\./, '-#-s#.'));
  assert.deepEqual(found.sort(), [...expected, ...expected].sort());
});

test('a document holds what the contract says, and its metrics are those of the rows beside it', () => {
  const { popularity, peterRec } = ofNews();
  const { metrics, parameters, curve, instances, seconds, environment, declaration, ...about } = peterRec;
  const { startedFrom, left, files: _, checksum, declared, ...names } = about;
  assert.deepEqual(names, {
    ...{ schema: 3, data: 'made-up', task: 'News', metric: 'HR@5', training: 1, pretraining: 1, seed: 1 },
    ...{ experiment: 'PeterRec', method: 'PeterRec', trunk: 'causal', stoppedAt: 4, preset: 'quick' },
  });
  assert.ok(seconds > 0 && declaration && checksum && startedFrom && left && parameters);
  assert.deepEqual(declared, causal.PeterRec);
  const keys = (value: object) => Object.keys(value).sort().join(' ');
  assert.equal(keys(environment), 'device kernels processor source threads versions');
  assert.equal(keys(curve[0]), 'epoch loss seconds step test valid');
  assert.deepEqual([popularity.method, popularity.trunk, popularity.curve], ['Popularity', 'none', []]);
  const rows = instanceRows(whole, peterRec);
  assert.equal(keys(rows[0]), 'full_rank instance label pool quarter rank row sample user user_id');
  const outcomes = rows.map(({ row, user_id, label, rank, full_rank }) => {
    assert.deepEqual([user_id, label], [`user${row}`, `news${Number(row) % 10}`]);
    return {
      kind: 'ranked',
      instance: Number(row),
      rank: Number(rank),
      fullRank: Number(full_rank),
    } as const;
  });
  const instancesOf = outcomes.map(({ instance }) => instance);
  const numbers = instanceNumbers(news);
  const inOrder = [...splitInstances(news, 1).test].sort((a, b) => numbers[a] - numbers[b]);
  assert.deepEqual(instancesOf, inOrder);
  const byPlace = [...outcomes].sort((a, b) => a.instance - b.instance);
  assert.deepEqual(metricsOf(news, byPlace), metrics.test);
  assert.ok(instances.endsWith('-s1.tsv'));
});

test('a document on disk is the result that the run returned, and its hash that of its record, which names its trunk', () => {
  for (const result of [...completed.results, ...completed.pretraining]) {
    assert.deepEqual(parsed(beside(result, 'results', 'json')), result);
    assert.ok(result.instances.includes(`-${fingerprint(result.declaration)}-`), result.instances);
  }
  const { peterRec, trunk } = ofNews();
  assert.equal(`${peterRec.declaration.from}.tsv`, trunk.instances);
  const { squeeze, ...patches } = causal.PeterRec.patches;
  const bottleneck = preset.channels / squeeze;
  assert.deepEqual(gathered(peterRec.declaration, 'patches'), { ...patches, bottleneck });
});

test('the patches that a run leaves are what its document accounts for, and fit its trunk, both by checksum', () => {
  const { popularity, peterRec, trunk } = ofNews();
  const checksumOfCard = (result: Result) => parsed(beside(result, 'models', 'json')).checksum;
  assert.deepEqual([peterRec.startedFrom, trunk.left], [checksumOfCard(trunk), checksumOfCard(trunk)]);
  assert.equal(peterRec.left, checksumOfCard(peterRec));
  assert.deepEqual([popularity.startedFrom, popularity.left], [undefined, undefined]);
  const [trunkFile, file] = [trunk, peterRec].map((result) => beside(result, 'models', 'safetensors'));
  const { card, model } = loadPatches(
    file,
    loadWeights(trunkFile, trunkOf('causal')),
    trunkShape(source, preset, 'causal'),
  );
  assert.deepEqual([card.labels, card.data, card.method], [news.labels, 'made-up', 'PeterRec']);
  assert.equal(parsed(cardOf(trunkFile)).trunkHash, card.trunkHash);
  const content = fs.readFileSync(file);
  const header = 8 + Number(content.readBigUInt64LE(0));
  assert.equal(content.length - header, peterRec.parameters.perTaskBytes);
  assert.equal(countWeights(model), peterRec.parameters.total);
});

test('a method that tunes everything leaves its weights where the user asks, as a patch set of its trunk', async (t) => {
  const out = folderWith({});
  const { results, pretraining } = await small(everywhere(causal.FineAll), { out });
  const [trunk, model] = [pretraining[0], results[0]].map(({ instances }) =>
    path.join(out, 'models', instances.replace(/tsv$/, 'safetensors')),
  );
  assert.ok(!fs.existsSync(model));
  process.env.PETERREC_KEEP = 'all';
  t.after(() => delete process.env.PETERREC_KEEP);
  fs.rmSync(path.join(out, 'results'), { recursive: true });
  await small(everywhere(causal.FineAll), { out });
  const { weights, trunk: before } = loadUserModel(trunk, model);
  assert.equal(countWeights(weights), results[0].parameters.total);
  assert.notDeepEqual(weights.trunk, before.weights);
});

test('progress never goes back and ends at the total', () => {
  for (let i = 1; i < seen.length; i++) assert.ok(seen[i].done >= seen[i - 1].done);
  assert.deepEqual([seen.at(-1)?.done, seen.at(-1)?.total, seen.at(-1)?.secondsLeft], [10, 10, 0]);
});

test('a label is for people: under another one nothing is computed anew, and documents show that of today', async () => {
  const old = files(whole);
  const { results } = await run(
    { ...options, out: whole },
    everywhere({ ...causal.PeterRec, label: 'ours' }),
  );
  assert.deepEqual(files(whole), old);
  for (const { experiment, method } of results) assert.deepEqual([experiment, method], ['PeterRec', 'ours']);
});

/** A run in a folder of its own; its documents by what is asked of them. */
const small = (planned: ReturnType<typeof everywhere>, own: Partial<RunOptions> = {}) => {
  const out = own.out ?? folderWith({});
  return run({ ...options, tasks: [parity], ...own, out }, planned);
};

test('each trunk is pre-trained once, one of fewer users is a trunk of its own, and what two plans share runs once', async () => {
  const half = { ...causal.PeterRec, pretraining: 0.5 };
  const experiments = [causal.PeterRec, half, nonCausal.PeterRec, nonCausal.FineLast1];
  const { results, pretraining } = await small([...everywhere(...experiments), ...everywhere(half)]);
  const told = (one: Result) => `${one.experiment} ${one.trunk} ${one.pretraining} ${one.stoppedAt}`;
  const trunks = ['pretrain causal 1 4', 'pretrain causal 0.5 4', 'pretrain non-causal 1 4'];
  assert.deepEqual(pretraining.map(told), trunks);
  const tuned = ['PeterRec causal 1 4', 'PeterRec causal 0.5 4'];
  assert.deepEqual(results.map(told), [...tuned, 'PeterRec non-causal 1 4', 'FineLast1 non-causal 1 4']);
  assert.equal(new Set(results.map(({ instances }) => instances)).size, 4);
});

test('a task gives the same numbers whether another ran before it or not', async () => {
  const { PeterRec, FineAll, FineLast2 } = nonCausal;
  const of = async (tasks: readonly Task[]) => {
    const { results } = await small(everywhere(PeterRec, FineAll, FineLast2), { tasks });
    return numbersOf(results.filter(({ task }) => task === 'Parity'));
  };
  assert.deepEqual(await of([news, parity]), await of([parity]));
});

test('an experiment on a share of the training instances has documents of its own', async () => {
  const planned = everywhere(causal.PeterRec, { ...causal.PeterRec, training: 0.5 });
  const [all, half] = (await small(planned)).results;
  assert.notEqual(all.instances, half.instances);
  assert.deepEqual([all.training, half.training], [1, 0.5]);
  assert.equal(half.curve[0].epoch, 2 * all.curve[0].epoch); // 28 and 14 training instances, in batches of 8
});

test('counting labels obeys the share too: with one training instance every user gets its class', async () => {
  const { results, out, pretraining } = await small(everywhere({ ...LabelCS, training: 0.01 }), { seeds: 8 });
  assert.deepEqual(pretraining, []); // no trunk is asked for
  const only = withTraining(parity, 0.01);
  const expected = results.map(({ seed }) => only.instances[splitInstances(only, seed).train[0]].label);
  assert.equal(new Set(expected).size, 2);
  for (const [i, result] of results.entries())
    for (const { row, predicted } of instanceRows(out, result)) {
      assert.equal(predicted, parity.labels[expected[i]]);
      assert.ok(splitInstances(parity, result.seed).test.includes(Number(row)));
    }
});

const wildly = (rates: { everything: number; part: number }) => ({
  ...preset,
  classify: { ...preset.classify, rates },
});

test('a training that diverges is told with its step and rate, and leaves no document', async () => {
  const out = folderWith({});
  const own = { preset: wildly({ everything: 1e38, part: 1e38 }), out };
  await assert.rejects(small(everywhere(...untrained, causal.FineZero), own), {
    name: 'UserError',
    message: /^Parity, FineZero, seed 1: .* after step \d+, at rate 1e\+38.*Try a lower rate/,
  });
  const left = namesIn(out).filter((name) => name.endsWith('.json'));
  assert.equal(left.join().replace(/-[0-9a-f]{12}.*/, ''), 'results/Parity-LabelCS');
});

test('what diverges is left out if asked, with what would start from it, and all else is computed', async () => {
  const told: string[] = [];
  const onDiverged = (sentences: readonly string[]) => void told.push(...sentences);
  const planned = everywhere(causal.FineZero, causal.PeterRec, ...untrained);
  const ids = ({ results }: CompletedRun) => results.map(({ experiment }) => experiment);
  const wild = wildly({ everything: 1e38, part: 0.01 });
  assert.deepEqual(ids(await small(planned, { preset: wild, onDiverged })), ['PeterRec', 'LabelCS']);
  const trunk = { ...preset.pretraining.nextItem, rate: 1e38 };
  const wildTrunk = { ...preset, pretraining: { ...preset.pretraining, nextItem: trunk } };
  assert.deepEqual(ids(await small(planned, { preset: wildTrunk, onDiverged })), ['FineZero', 'LabelCS']);
  assert.match(told.join('\n'), /^Parity, FineZero.*\ncausal pre-training .* at rate 1e\+38;[^\n]*$/);
});

test('a second run computes nothing and gives the same results; a further seed is added', async () => {
  const out = folderWith({});
  const first = await run({ ...options, out }, both);
  const there = files(out);
  const seen: Progress[] = [];
  const second = await run({ ...options, out, onProgress: (progress) => seen.push(progress) }, both);
  assert.deepEqual(second, first);
  assert.deepEqual(files(out), there);
  assert.deepEqual(seen, [{ label: 'all of it is there', done: 5, total: 5 }]);
  const two = await run({ ...options, out, seeds: 2 }, both);
  const again = two.results.filter(({ seed }) => seed === 1);
  assert.deepEqual(again, first.results);
  for (const [name, time] of there) assert.equal(files(out).get(name), time, name);
  assert.equal(files(out).size, 2 * there.size);
});

const { PeterZeroFrozen, FineCLS, PeterRec } = causal;
const everything = everywhere(...untrained, PeterZeroFrozen, FineCLS, PeterRec);
const longer = {
  ...preset,
  pretraining: { ...preset.pretraining, nextItem: { ...preset.pretraining.nextItem, steps: 5 } },
};
const more = (kind: Task['kind']) => ({ ...preset, [kind]: { ...preset[kind], steps: 5 } });
const others = parity.instances.map(({ user }) => ({ user, label: user % 3 ? 0 : 1 }));
const parallel = { ...PeterRec, patches: { ...PeterRec.patches, place: 'parallel' } } as typeof PeterRec;
const tuned = 'Parity-FineCLS Parity-PeterRec Parity-PeterZero-frozen';

/** What is computed anew when a run on `parity` is repeated with something changed. */
const changes: readonly (readonly [Partial<RunOptions>, anew: string, again?: typeof everything])[] = [
  [{}, ''],
  [{ preset: longer }, 'Films-pretrain Parity-FineCLS Parity-PeterRec'],
  [{ preset: more('classify') }, tuned],
  [{ preset: more('recommend') }, ''],
  [{ tasks: [{ ...parity, instances: others }] }, tuned.replace(' ', ' Parity-LabelCS ')],
  [{}, 'Parity-PeterRec', everywhere(parallel, FineCLS)],
];

test('what is changed is computed anew, with what starts from it, and nothing else', async () => {
  const own = { ...options, tasks: [parity], out: folderWith({}) };
  await run(own, everything);
  for (const [changed, anew, again = everything] of changes) {
    const jobs = leftOf(resolve(again, { ...own, ...changed }), own.out);
    const left = jobs.map((job) => stemIn(job).replace(/-[0-9a-f]{12}-s1$/, ''));
    assert.equal(left.sort().join(' '), anew);
  }
});

test('a run that is stopped keeps what was finished, releases TensorFlow, and goes on from there', async () => {
  const out = folderWith({});
  const controller = new AbortController();
  const held = () => [backend.getNumOfSavedModels(), tf.memory().numTensors];
  const atStart = held();
  const onProgress = ({ label, done }: Progress) => {
    if (/^Parity, PeterRec/.test(label) && done % 1 !== 0) controller.abort();
  };
  await assert.rejects(run({ ...options, out, onProgress, signal: controller.signal }, both), {
    name: 'AbortError',
  });
  assert.deepEqual(held(), atStart);
  const kept = new Map([...files(out)].filter(([name]) => !name.startsWith('checkpoints/')));
  const stems = [...kept.keys()].map((name) => name.replace(/-[0-9a-f]{12}-s1.*/, ''));
  const finished = ['models', 'results'].flatMap((kind) => [
    `${kind}/Films-pretrain`,
    `${kind}/News-PeterRec`,
  ]);
  assert.deepEqual([...new Set(stems)].sort(), finished);
  const ended = await run({ ...options, out }, both);
  for (const [name, time] of kept) assert.equal(files(out).get(name), time, name);
  assert.deepEqual(allNumbers(ended), allNumbers(await run({ ...options, out: folderWith({}) }, both)));
});
