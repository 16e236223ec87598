import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Source } from '../datasets/source';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunk';
import type { Weight } from '../tensorflow/weights';
import { loadWeights, saveWeights } from '../training/checkpoint';
import { accountOfPretraining } from './account';
import { fingerprint, sourceFingerprint } from './fingerprint';
import {
  candidatesOf,
  compilePretraining,
  freshPretraining,
  type Pretrained,
  pretrain,
  trunkShape,
} from './pretrain';
import type { Result } from './result';
import { type Key, stored } from './store';
import { finished, save, seedsOf, type Work, watch } from './work';

/** The pre-trained trunk of each seed. */
export type Trunks = ReadonlyMap<number, TrunkWeights<Weight>>;

/** Names the pre-training of a source and seed: all that decides its trunk is in the hash. */
export function pretrainingKey({ preset, code }: Work, source: Source, seed: number): Key {
  const trunk = trunkShape(source, preset);
  const { pretraining } = preset;
  const candidates = candidatesOf(source, preset) ?? 'all';
  const declared = { trunk, pretraining, candidates, source: sourceFingerprint(source), code };
  return { task: source.name, experiment: 'pretrain-causal', hash: fingerprint(declared), seed };
}

/** The trunks of a source, from their files where they are, and their documents. */
export async function pretrainSource(
  work: Work,
  source: Source,
): Promise<{ documents: Result[]; weights: Trunks }> {
  const { out, preset } = work;
  const documents: Result[] = [];
  const weights = new Map<number, TrunkWeights<Weight>>();
  let program: ReturnType<typeof compilePretraining> | undefined;
  try {
    for (const seed of seedsOf(work)) {
      const key = pretrainingKey(work, source, seed);
      const label = `pre-training on the source of ${source.name}, seed ${seed}`;
      const file = path.join(out, 'models', `${key.task}-${key.experiment}-${key.hash}-s${seed}.safetensors`);
      const known = fs.existsSync(file) ? stored(out, key) : undefined;
      if (known) {
        weights.set(seed, loadWeights(file, freshPretraining(source, preset, seed).trunk));
        documents.push({ ...known, data: work.data, preset: preset.name });
      } else {
        program ??= compilePretraining(source, preset);
        const watched = watch(work, label, preset.pretraining.steps);
        const pretrained = await pretrain(program, source, preset, seed, watched);
        const { trunk } = pretrained.weights;
        weights.set(seed, trunk);
        saveTrunk(file, trunk, key, work);
        documents.push(storePretraining(work, source, key, pretrained));
      }
      finished(work, label);
    }
  } finally {
    program?.dispose();
  }
  return { documents, weights };
}

function saveTrunk(file: string, trunk: TrunkWeights<Weight>, key: Key, { data, preset }: Work): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  saveWeights(file, trunk);
  const { channels, kernel, dilations, padding, pretraining } = preset;
  const card = { data, ...key, trunk: 'causal', channels, kernel, dilations, padding, pretraining };
  writeFileAtomic.sync(file.replace(/safetensors$/, 'json'), `${JSON.stringify(card, null, 1)}\n`);
}

function storePretraining(
  work: Work,
  source: Source,
  key: Key,
  { weights, curve, lastItems }: Pretrained,
): Result {
  const popularity = lastItems.map(({ popularityRank }) => popularityRank);
  const last = curve[curve.length - 1];
  const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
  const rows = lastItems.map(({ user, rank, popularityRank }) => ({
    row: user,
    user_id: source.users[user],
    rank,
    popularity_rank: popularityRank,
  }));
  return save(work, key, rows, {
    method: 'pre-training',
    trunk: 'causal',
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
  });
}
