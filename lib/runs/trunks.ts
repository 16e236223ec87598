import fs from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { Source } from '../datasets/tasks/source';
import type { Result } from '../documents/document';
import { type Key, modelFile, stored } from '../documents/store';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunk';
import { loadWeights, saveModel, vocabularyOf } from '../modelFiles/safetensors';
import { compilePretraining, freshPretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import { candidatesOf, trunkShape } from '../recipes/trunkShape';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Weight } from '../tensorflow/weights';
import { accountOfPretraining } from './account';
import { fingerprint, sourceFingerprint } from './fingerprint';
import { finished, save, seedsOf, type Work, watch } from './work';

/** The pre-trained trunk of each seed. */
export type Trunks = ReadonlyMap<number, TrunkWeights<Weight>>;

/** Names the pre-training of a source and seed: all that decides its trunk is in the hash. */
export function pretrainingKey(
  { preset, code }: Pick<Work, 'preset' | 'code'>,
  source: Source,
  direction: Direction,
  seed: number,
): Key {
  const declared = {
    trunk: trunkShape(source, preset, direction),
    pretraining: preset.pretraining[direction],
    ...(direction === 'non-causal' ? { masking: preset.masking } : {}),
    candidates: candidatesOf(source, preset) ?? 'all',
    source: sourceFingerprint(source),
    code,
  };
  return { task: source.name, experiment: `pretrain-${direction}`, hash: fingerprint(declared), seed };
}

/** The trunks of a source in one direction, from their files where they are, and their documents. */
export async function pretrainSource(
  work: Work,
  source: Source,
  direction: Direction,
): Promise<{ documents: Result[]; weights: Trunks }> {
  const { out, preset } = work;
  const documents: Result[] = [];
  const weights = new Map<number, TrunkWeights<Weight>>();
  let program: ReturnType<typeof compilePretraining> | undefined;
  try {
    for (const seed of seedsOf(work)) {
      const key = pretrainingKey(work, source, direction, seed);
      const label = `${direction} pre-training on the source of ${source.name}, seed ${seed}`;
      const file = modelFile(out, key);
      const known = fs.existsSync(file) ? stored(out, key) : undefined;
      if (known) {
        weights.set(seed, loadWeights(file, freshPretraining(source, preset, direction, seed).trunk));
        documents.push({ ...known, data: work.data, preset: preset.name });
      } else {
        program ??= compilePretraining(source, preset, direction);
        const watched = watch(work, label, preset.pretraining[direction].steps);
        const pretrained = await pretrain(program, source, preset, direction, seed, watched);
        const { trunk } = pretrained.weights;
        weights.set(seed, trunk);
        saveTrunk(file, trunk, work, source, direction, key);
        documents.push(storePretraining(work, source, direction, key, pretrained));
      }
      finished(work, label);
    }
  } finally {
    program?.dispose();
  }
  return { documents, weights };
}

/** Writes a trunk with its card, and the vocabulary whose places its ids are. */
function saveTrunk(
  file: string,
  trunk: TrunkWeights<Weight>,
  { data, preset }: Work,
  source: Source,
  direction: Direction,
  key: Key,
): void {
  const { direction: _, ...shape } = trunkShape(source, preset, direction);
  const pretraining = preset.pretraining[direction];
  const card = { data, ...key, trunk: direction, ...shape, length: source.length, pretraining };
  saveModel(file, trunk, card);
  writeFileAtomic.sync(vocabularyOf(file), `${JSON.stringify(source.items)}\n`);
}

function storePretraining(
  work: Work,
  source: Source,
  direction: Direction,
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
    trunk: direction,
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
  });
}
