/** Pre-trained trunks: from their files, or trained and kept. */
import fs from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { Result } from '../documents/document';
import { type Key, modelFile, stored } from '../documents/store';
import { percentOf } from '../methods/identity';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunk';
import { loadWeights, saveModel, vocabularyOf } from '../modelFiles/safetensors';
import { compilePretraining, freshPretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import type { PretrainingSetting } from '../recipes/settings';
import type { Weight } from '../tensorflow/weights';
import { accountOfPretraining } from './account';
import { aboutOf, finished, type Session, save, seedsOf, watch } from './session';
import { keyOfTrunk, subjectOfTrunk } from './trunks';

/** The pre-trained weights of each seed, read when they are asked for. */
export type Trunks = (seed: number) => TrunkWeights<Weight>;

/** The trunks of all seeds, and their documents. */
export async function pretrainTrunks(
  session: Session,
  trunk: PretrainingSetting,
): Promise<{ documents: Result[]; weights: Trunks }> {
  const documents: Result[] = [];
  let program: ReturnType<typeof compilePretraining> | undefined;
  try {
    for (const seed of seedsOf(session)) {
      const label = labelOf(trunk, seed);
      const known = storedTrunk(session, trunk, seed);
      if (!known) program ??= compilePretraining(trunk);
      const watched = watch(session, label, trunk.steps);
      documents.push(
        known ?? keep(session, trunk, seed, await pretrain(program as Program, trunk, seed, watched)),
      );
      finished(session, label);
    }
  } finally {
    program?.dispose();
  }
  return { documents, weights: trunksIn(session, trunk) };
}

/** The trunks that lie in the output folder. */
export function trunksIn(session: Session, trunk: PretrainingSetting): Trunks {
  const fileFor = (seed: number) => modelFile(session.out, keyOfTrunk(session, trunk, seed));
  return (seed) => loadWeights(fileFor(seed), freshPretraining(trunk, seed).trunk);
}

type Program = ReturnType<typeof compilePretraining>;

/** Whether a trunk is there, with its document. */
export const hasTrunk = (session: Session, trunk: PretrainingSetting, seed: number): boolean =>
  storedTrunk(session, trunk, seed) !== undefined;

/** The document of a trunk whose weights lie beside it. */
function storedTrunk(session: Session, trunk: PretrainingSetting, seed: number): Result | undefined {
  const key = keyOfTrunk(session, trunk, seed);
  const known = fs.existsSync(modelFile(session.out, key)) ? stored(session.out, key) : undefined;
  return known && { ...known, ...aboutOf(session, subjectOfTrunk(trunk)) };
}

function labelOf({ source, shape, share }: PretrainingSetting, seed: number): string {
  const part = share === 1 ? '' : `, ${percentOf(share)} of the steps`;
  return `${shape.direction} pre-training on the source of ${source.name}${part}, seed ${seed}`;
}

/** Leaves the weights of a trunk, and its document. */
function keep(session: Session, trunk: PretrainingSetting, seed: number, found: Pretrained): Result {
  const key = keyOfTrunk(session, trunk, seed);
  saveTrunk(session, trunk, key, found.weights.trunk);
  return storePretraining(session, trunk, key, found);
}

/** Writes a trunk with its card, and the vocabulary whose places its ids are. */
function saveTrunk(
  { out, data }: Session,
  { source, shape: { direction, ...shape }, budget }: PretrainingSetting,
  { declaration: _, ...key }: Key,
  weights: TrunkWeights<Weight>,
): void {
  const file = modelFile(out, key);
  saveModel(file, weights, {
    ...{ data, ...key, trunk: direction, ...shape, length: source.length, pretraining: budget },
  });
  writeFileAtomic.sync(vocabularyOf(file), `${JSON.stringify(source.items)}\n`);
}

function storePretraining(
  session: Session,
  trunk: PretrainingSetting,
  key: Key,
  { weights, curve, lastItems }: Pretrained,
): Result {
  const popularity = lastItems.map(({ popularityRank }) => popularityRank);
  const last = curve[curve.length - 1];
  const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
  const rows = lastItems.map(({ user, rank, popularityRank }) => ({
    row: user,
    user_id: trunk.source.users[user],
    rank,
    popularity_rank: popularityRank,
  }));
  return save(session, subjectOfTrunk(trunk), key, {
    rows,
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
  });
}
