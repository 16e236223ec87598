import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeSealed } from '../../../lib/base/sealed';
import { tf } from '../../../lib/engine/native';
import { leaves, type Tree, upload, type Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { vary } from '../../../lib/experiments/methods/vary';
import { compileFineTuning } from '../../../lib/experiments/recipes/finetune';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { trunkShape } from '../../../lib/experiments/records/trunks';
import { loadPatches, loadUserModel, type PatchCard, savePatches } from '../../../lib/model/files/patchFile';
import { saveModel } from '../../../lib/model/files/safetensors';
import { trunkHash } from '../../../lib/model/files/trunkFile';
import { type UserModelWeights, userVector } from '../../../lib/model/userModel';
import { scoreUsers } from '../../../lib/training/evaluate';
import { atOnce } from '../../../lib/training/parts';
import { folderWith } from '../../data/folders';
import { assertClose } from '../../engine/bothWays';
import { tuningOf } from '../../experiments/recipes/settingsOf';
import { news, preset, source } from '../../experiments/recipes/tinyTasks';
import { trunkOf, tuned } from '../../experiments/recipes/trained';

type Model = UserModelWeights<Weight>;

function cardFor(experiment: FineTuning): PatchCard {
  const { trunk, representation, tcl } = experiment;
  const { itemRank, pastRank } = experiment as { itemRank?: number; pastRank?: number };
  const { name: task, kind, labels } = news;
  const { insertion = null } = tuningOf(news, experiment, preset).model;
  const common = {
    task,
    kind,
    labels,
    trunk,
    trunkHash: trunkHash(trunkOf(trunk)),
    representation,
    tcl,
    ...(itemRank ? { itemRank } : {}),
    ...(pastRank ? { pastRank } : {}),
  };
  return { ...common, insertion: insertion as PatchCard['insertion'] };
}

const modelOf = async (experiment: FineTuning, seed = 1): Promise<Model> =>
  (await tuned(news, experiment, { seed })).weights;

function saved(file: string, experiment: FineTuning, model: Model): void {
  savePatches(file, { model, tuned: selectionOf(experiment)<Weight>(model) }, cardFor(experiment));
}

const methods: readonly FineTuning[] = [
  causal.PeterRec,
  nonCausal.PeterRec,
  { ...causal.PeterRec, label: 'PeterRec with its own [TCL]', tcl: 'trained' },
  causal.FineCLS,
  causal.FineLast2,
  vary(causal.PeterRec, { tuned: 'classifier' }),
  vary(causal.PeterRec, { trunk: 'SASRec', itemRank: 2, patches: { form: 'LoRA', rank: 2, alpha: 4 } }),
  vary(causal.PeterRec, { trunk: 'bidirectional SASRec', patches: { form: 'DoRA', rank: 2, alpha: 2 } }),
  vary(causal.PeterRec, { trunk: 'GRU', patches: { form: '(IA)³' } }),
  vary(causal.PeterRec, { tuned: 'last layer and classifier' }),
  vary(nonCausal.PeterRec, { pastRank: 2 }),
  vary(causal.PeterRec, { patches: { form: 'prompt', length: 2 } }),
  vary(causal.PeterRec, { patches: { form: 'side network', ratio: 2 } }),
];
for (const experiment of methods) {
  test(`${experiment.label}, ${experiment.trunk}: what a task tuned, put onto its trunk, is the tuned model bit for bit`, async () => {
    const folder = folderWith({});
    const file = path.join(folder, 'patches.safetensors');
    const model = await modelOf(experiment);
    saved(file, experiment, model);
    const loaded = loadPatches(file, trunkOf(experiment.trunk), trunkShape(source, preset, experiment.trunk));
    assert.deepEqual(loaded.model, model);
    assert.deepEqual(loaded.card, cardFor(experiment));
  });
}

test('merged, the model gives what was tuned, of patches and of the trunk', async () => {
  const folder = folderWith({});
  for (const experiment of [
    vary(causal.PeterRec, { trunk: 'SASRec', itemRank: 2, pastRank: 3, patches: { form: '(IA)³' } }),
    vary(causal.PeterRec, {
      patches: { form: 'LoRA', rank: 2, alpha: 2 },
      tuned: 'last layer and classifier',
    }),
  ]) {
    const model = await modelOf(experiment);
    const [trunkFile, file] = ['trunk', 'patches'].map((name) => path.join(folder, `${name}.safetensors`));
    const shape = trunkShape(source, preset, experiment.trunk);
    saveModel(trunkFile, trunkOf(experiment.trunk), {
      card: { ...shape, length: 8 },
      vocabulary: source.items,
    });
    saved(file, experiment, model);
    const loaded = loadUserModel(trunkFile, file);
    const { patches, items } = loaded.weights;
    assert.deepEqual([loaded.insertion, patches, items], [undefined, [], undefined]);
    const ids = tf.tensor2d([[1, 2, 3, 13]], undefined, 'int32');
    const { insertion } = tuningOf(news, experiment, preset).model;
    const expected = userVector(upload(model), { shape, insertion }, ids).dataSync();
    assertClose(userVector(upload(loaded.weights), { shape }, ids).dataSync(), expected, 1e-5);
  }
});

test('the file holds what was tuned and nothing else; of any other trunk, or with another card, it is refused', async () => {
  const folder = folderWith({});
  const file = path.join(folder, 'patches.safetensors');
  const model = await modelOf(causal.PeterRec);
  saved(file, causal.PeterRec, model);
  const content = fs.readFileSync(file);
  const header: object = JSON.parse(content.toString('utf8', 8, 8 + Number(content.readBigUInt64LE(0))));
  const paths = leaves<Weight>(model as Tree<Weight>).map(([at]) => at);
  const added = paths.filter((at) => !at.startsWith('trunk/'));
  assert.deepEqual(Object.keys(header), added);

  const trunk = trunkOf('causal');
  const refused = (message: RegExp, on = trunk) =>
    assert.throws(() => loadPatches(file, on, trunkShape(source, preset, 'causal')), {
      name: 'UserError',
      message,
    });
  const values = trunk.embedding.values.slice();
  values[0] += 1e-6;
  for (const other of [
    trunkOf('causal', preset, 8),
    trunkOf('non-causal'),
    { ...trunk, embedding: { ...trunk.embedding, values } },
  ])
    refused(/patches\.safetensors: expected the trunk with the weights \w{64}/, other);

  const card = path.join(folder, 'patches.json');
  writeSealed(card, { ...cardFor(causal.PeterRec), representation: 'median' });
  refused(/patches\.json: representation: /);
  fs.writeFileSync(card, fs.readFileSync(card, 'utf8').replace('median', 'token'));
  refused(/patches\.json is damaged/);
  fs.rmSync(card);
  refused(/patches\.json: expected the JSON card/);
  savePatches(file, { model: { ...model, patches: [] }, tuned: [] }, cardFor(causal.PeterRec));
  refused(/patches\.safetensors: expected patches\/0\/first\/down\/weight/);
});

test('one trunk in memory serves several tasks by swapping patches and classifier', async () => {
  const experiment = causal.PeterRec;
  const [a, b] = [await modelOf(experiment, 1), await modelOf(experiment, 2)];
  const tuning = tuningOf(news, experiment, preset);
  const users = source.users.map((_, user) => user);
  const program = compileFineTuning(tuning, a);
  const served = () => atOnce(scoreUsers(program, tuning, users));
  const ofA = served();
  program.initialise({ patches: b.patches, head: b.head });
  const ofB = served();
  program.initialise({ patches: a.patches, head: a.head });
  assert.deepEqual(served(), ofA);
  program.dispose();
  const alone = compileFineTuning(tuning, b);
  assert.deepEqual(ofB, atOnce(scoreUsers(alone, tuning, users)));
  alone.dispose();
  assert.notDeepEqual(ofA, ofB);
});
