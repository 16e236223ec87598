import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { splitInstances } from '../../lib/datasets/tasks/split';
import type { Task } from '../../lib/datasets/tasks/tasks';
import type { Result } from '../../lib/documents/document';
import { instanceRows } from '../../lib/documents/store';
import { fingerprint } from '../../lib/files/fingerprint';
import { causal, nonCausal } from '../../lib/methods/family';
import { untrained } from '../../lib/methods/opponents';
import { loadPatches } from '../../lib/modelFiles/patchFile';
import { cardOf, loadWeights } from '../../lib/modelFiles/safetensors';
import { freshPretraining } from '../../lib/recipes/pretrain';
import { pretrainingOf } from '../../lib/recipes/settings';
import { run } from '../../lib/runs/run';
import type { Progress } from '../../lib/runs/session';
import { countWeights } from '../../lib/tensorflow/weights';
import { metricsOf } from '../../lib/training/evaluate';
import { inFolder, news, parity, preset, source } from '../recipes/tinyTasks';
import { both, everywhere, files, options } from './tinyRun';

test('a run leaves a document and a TSV for each experiment, task and seed, its trunks and patches', () =>
  inFolder(async (out) => {
    const { results, pretraining } = await run({ ...options, out, seeds: 2 }, both);
    assert.equal(results.length, 2 * 2 * 2);
    assert.equal(pretraining.length, 2);
    const names = [...files(out).keys()];
    const like = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
    assert.equal(
      like(/^results\/(News-Popularity|Parity-LabelCS|(News|Parity)-PeterRec)-[0-9a-f]{12}-s[12]\.json$/),
      8,
    );
    assert.equal(
      like(/^results\/(News-Popularity|Parity-LabelCS|(News|Parity)-PeterRec)-[0-9a-f]{12}-s[12]\.tsv$/),
      8,
    );
    assert.equal(like(/^results\/Films-pretrain-[0-9a-f]{12}-s[12]\.(json|tsv)$/), 4);
    assert.equal(like(/^models\/Films-pretrain-[0-9a-f]{12}-s[12]\.(safetensors|json|items\.json)$/), 6);
    assert.equal(like(/^models\/(News|Parity)-PeterRec-[0-9a-f]{12}-s[12]\.(safetensors|json)$/), 8);
    assert.equal(names.length, 34);
  }));

test('a document holds what the contract says, and its metrics are those of the rows beside it', () =>
  inFolder(async (out) => {
    const { results } = await run({ ...options, out, tasks: [news] }, both);
    const [popularity, peterRec] = results;
    assert.deepEqual(Object.keys(peterRec).sort(), [
      'checksum',
      'curve',
      'data',
      'declaration',
      'environment',
      'experiment',
      'files',
      'instances',
      'left',
      'method',
      'metric',
      'metrics',
      'parameters',
      'preset',
      'pretraining',
      'schema',
      'seconds',
      'seed',
      'startedFrom',
      'stoppedAt',
      'task',
      'training',
      'trunk',
    ]);
    const { schema, data, task, metric, experiment, method, trunk, training, pretraining } = peterRec;
    const { seed, stoppedAt } = peterRec;
    const names = { schema, data, task, metric, experiment, method, trunk, training, pretraining };
    assert.deepEqual(
      { ...names, seed, stoppedAt, preset: peterRec.preset },
      {
        schema: 3,
        data: 'made-up',
        task: 'News',
        metric: 'HR@5',
        training: 1,
        pretraining: 1,
        experiment: 'PeterRec',
        method: 'PeterRec',
        trunk: 'causal',
        seed: 1,
        stoppedAt: 4,
        preset: 'quick',
      },
    );
    assert.deepEqual(Object.keys(peterRec.environment).sort(), [
      'device',
      'kernels',
      'processor',
      'source',
      'threads',
      'versions',
    ]);
    assert.deepEqual(Object.keys(peterRec.curve[0]).sort(), [
      'epoch',
      'loss',
      'seconds',
      'step',
      'test',
      'valid',
    ]);
    assert.deepEqual([popularity.method, popularity.trunk, popularity.curve], ['Popularity', 'none', []]);
    const rows = instanceRows(out, peterRec);
    assert.deepEqual(Object.keys(rows[0]), ['row', 'user_id', 'label', 'rank', 'full_rank']);
    assert.deepEqual(
      rows.map((row) => Number(row.row)),
      splitInstances(news, 1).test,
    );
    const outcomes = rows.map(({ row, rank, full_rank }) => ({
      kind: 'ranked' as const,
      instance: Number(row),
      rank: Number(rank),
      fullRank: Number(full_rank),
    }));
    assert.deepEqual(metricsOf(news, outcomes), peterRec.metrics.test);
    assert.ok(
      rows.every(
        ({ row, user_id, label }) => user_id === `user${row}` && label === `news${Number(row) % 10}`,
      ),
    );
  }));

test('a document on disk is the result that the run returned', () =>
  inFolder(async (out) => {
    const { results } = await run({ ...options, out, tasks: [parity] }, both);
    for (const result of results) {
      const file = path.join(out, 'results', result.instances.replace(/tsv$/, 'json'));
      assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), result);
    }
  }));

test('a document names the checksums of the trunk that it started from and of the patches that it left', () =>
  inFolder(async (out) => {
    const { results, pretraining } = await run({ ...options, out, tasks: [news] }, both);
    const checksumOfCard = ({ instances }: Result) =>
      JSON.parse(fs.readFileSync(path.join(out, 'models', instances.replace(/tsv$/, 'json')), 'utf8'))
        .checksum;
    const [popularity, peterRec] = results;
    assert.equal(peterRec.startedFrom, checksumOfCard(pretraining[0]));
    assert.equal(peterRec.left, checksumOfCard(peterRec));
    assert.equal(pretraining[0].left, checksumOfCard(pretraining[0]));
    assert.deepEqual([popularity.startedFrom, popularity.left], [undefined, undefined]);
  }));

test('without an experiment that starts from a trunk none is pre-trained', () =>
  inFolder(async (out) => {
    const { pretraining } = await run({ ...options, out }, everywhere(...untrained));
    assert.deepEqual(pretraining, []);
    assert.equal(fs.existsSync(path.join(out, 'models')), false);
  }));

test('progress never goes back and ends at the total', () =>
  inFolder(async (out) => {
    const seen: Progress[] = [];
    await run({ ...options, out, tasks: [parity], onProgress: (progress) => seen.push(progress) }, both);
    for (let i = 1; i < seen.length; i++) assert.ok(seen[i].done >= seen[i - 1].done);
    assert.deepEqual([seen.at(-1)?.done, seen.at(-1)?.total], [3, 3]);
    // One pre-training takes ten of twelve parts of the time, each of two experiments one.
    const shares = [1, 2, 3].map((done) => seen.find((progress) => progress.done === done)?.share);
    assert.deepEqual(shares, [10 / 12, 11 / 12, 1]);
  }));

test('the patches that a run leaves are what its document accounts for, and fit its trunk', () =>
  inFolder(async (out) => {
    const { results, pretraining } = await run({ ...options, out, tasks: [news] }, both);
    const fileOf = ({ instances }: Result) =>
      path.join(out, 'models', instances.replace(/tsv$/, 'safetensors'));
    const shape = freshPretraining(pretrainingOf(source, preset, 'causal'), 1).trunk;
    const trunk = loadWeights(fileOf(pretraining[0]), shape);
    const peterRec = results[1];
    const { card, model } = loadPatches(fileOf(peterRec), trunk);
    assert.deepEqual(card.labels, news.labels);
    assert.deepEqual([card.data, card.method], ['made-up', 'PeterRec']);
    const trunkCard = JSON.parse(fs.readFileSync(cardOf(fileOf(pretraining[0])), 'utf8'));
    assert.equal(trunkCard.trunkHash, card.trunkHash);
    const content = fs.readFileSync(fileOf(peterRec));
    const header = 8 + Number(content.readBigUInt64LE(0));
    assert.equal(content.length - header, peterRec.parameters.perTaskBytes);
    assert.equal(countWeights(model), peterRec.parameters.total);
  }));

test('experiments on both trunks pre-train each once, and say on which they ran', () =>
  inFolder(async (out) => {
    const experiments = [causal.PeterRec, nonCausal.PeterRec, nonCausal.FineLast1];
    const { results, pretraining } = await run({ ...options, out }, everywhere(...experiments));
    assert.deepEqual(
      pretraining.map(({ experiment, trunk }) => [experiment, trunk]),
      [
        ['pretrain', 'causal'],
        ['pretrain', 'non-causal'],
      ],
    );
    const trunks = ['causal', 'non-causal', 'non-causal'];
    assert.deepEqual(
      results.map(({ trunk }) => trunk),
      [...trunks, ...trunks],
    );
    const [first, second] = results;
    assert.notEqual(first.instances, second.instances);
  }));

test('a task gives the same numbers whether another ran before it or not', () =>
  inFolder(async (out) => {
    const experiments = Object.values(nonCausal).filter(({ id }) =>
      /^(PeterRec|FineAll|FineLast2)$/.test(id),
    );
    const numbers = async (folder: string, tasks: readonly Task[]) => {
      const { results } = await run(
        { ...options, out: path.join(out, folder), tasks },
        everywhere(...experiments),
      );
      return results
        .filter(({ task }) => task === 'Parity')
        .map(({ curve, seconds: _, checksum: __, ...rest }) => ({
          ...rest,
          losses: curve.map(({ loss }) => loss),
        }));
    };
    assert.deepEqual(await numbers('after', [news, parity]), await numbers('alone', [parity]));
  }));

test('the hash of a document stands for the declaration that it holds', () =>
  inFolder(async (out) => {
    const { results, pretraining } = await run({ ...options, out }, both);
    for (const { declaration, instances } of [...results, ...pretraining])
      assert.ok(instances.includes(`-${fingerprint(declaration)}-`), instances);
    const [, peterRec] = results;
    assert.deepEqual(peterRec.declaration.pretraining, pretraining[0].declaration);
    assert.deepEqual(peterRec.declaration.patches, causal.PeterRec.patches);
  }));

test('a label is for people: under another one nothing is computed anew, and documents show that of today', () =>
  inFolder(async (out) => {
    await run({ ...options, out }, both);
    const before = files(out);
    const { results } = await run({ ...options, out }, everywhere({ ...causal.PeterRec, label: 'ours' }));
    assert.deepEqual(files(out), before);
    assert.deepEqual(
      results.map(({ experiment, method }) => [experiment, method]),
      [
        ['PeterRec', 'ours'],
        ['PeterRec', 'ours'],
      ],
    );
  }));

test('what two plans share has one document, and runs once', () =>
  inFolder(async (out) => {
    const planned = [...both, ...everywhere(causal.PeterRec, causal.FineCLS)];
    const { results } = await run({ ...options, out, tasks: [parity] }, planned);
    assert.deepEqual(
      results.map(({ experiment }) => experiment),
      ['LabelCS', 'PeterRec', 'FineCLS'],
    );
  }));

test('a shorter pre-training is a trunk of its own, and a field of the documents that start from it', () =>
  inFolder(async (out) => {
    const half = { ...causal.PeterRec, pretraining: 0.5 };
    const ran = await run({ ...options, out, tasks: [parity] }, everywhere(causal.PeterRec, half));
    const told = ({ experiment, pretraining, stoppedAt }: Result) => [experiment, pretraining, stoppedAt];
    assert.deepEqual(ran.pretraining.map(told), [
      ['pretrain', 1, 4],
      ['pretrain', 0.5, 2],
    ]);
    assert.deepEqual(ran.results.map(told), [
      ['PeterRec', 1, 4],
      ['PeterRec', 0.5, 4],
    ]);
    assert.notEqual(ran.results[0].instances, ran.results[1].instances);
  }));

test('a training that runs away is told with its step and rate, and leaves no document', () =>
  inFolder(async (out) => {
    const wild = { ...preset, classify: { ...preset.classify, rates: { everything: 1e38, part: 1e38 } } };
    await assert.rejects(
      run({ ...options, out, tasks: [parity], preset: wild }, everywhere(...untrained, causal.FineZero)),
      {
        name: 'UserError',
        message:
          /^Parity, FineZero, seed 1: .* is no number after step \d+, at rates .*1e\+38.*Try a lower rate/,
      },
    );
    const left = [...files(out).keys()].filter((name) => name.endsWith('.json'));
    assert.deepEqual(
      left.map((name) => name.replace(/-.*/, '')),
      ['results/Parity'],
    );
  }));

test('what runs away is left out where that is asked for, and all else is computed', () =>
  inFolder(async (out) => {
    const wild = { ...preset, classify: { ...preset.classify, rates: { everything: 1e38, part: 0.01 } } };
    const told: string[] = [];
    const { results } = await run(
      { ...options, out, tasks: [parity], preset: wild, onDiverged: (sentences) => told.push(...sentences) },
      everywhere(causal.FineZero, causal.PeterRec, ...untrained),
    );
    assert.deepEqual(
      results.map(({ experiment }) => experiment),
      ['PeterRec', 'LabelCS'],
    );
    assert.equal(told.length, 1);
  }));

test('a trunk that runs away takes along what would start from it, and says its own rate', () =>
  inFolder(async (out) => {
    const causalTrunk = { ...preset.pretraining.causal, rate: 1e38 };
    const wild = { ...preset, pretraining: { ...preset.pretraining, causal: causalTrunk } };
    const told: string[] = [];
    const { results } = await run(
      { ...options, out, tasks: [parity], preset: wild, onDiverged: (sentences) => told.push(...sentences) },
      everywhere(causal.FineZero, causal.PeterRec),
    );
    assert.deepEqual(
      results.map(({ experiment }) => experiment),
      ['FineZero'],
    );
    assert.match(told.join('\n'), /^causal pre-training .* at rate 1e\+38;/);
  }));
