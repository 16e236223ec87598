/** Pre-trained trunks: from their files, or trained and kept. */
import fs from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { Result } from '../documents/document';
import { type Key, modelFile, stored } from '../documents/store';
import type { Preset } from '../methods/presets';
import type { Metrics } from '../metrics/metrics';
import { reciprocalRank } from '../metrics/ranking';
import type { TrunkWeights } from '../model/trunk';
import { loadWeights, saveModel, vocabularyOf } from '../modelFiles/safetensors';
import { compilePretraining, freshPretraining, type Pretrained, pretrain } from '../recipes/pretrain';
import { type PretrainingSetting, pretrainingOf } from '../recipes/settings';
import type { Weight } from '../tensorflow/weights';
import { accountOfPretraining } from './account';
import { sourceFingerprint } from './fingerprint';
import type { Pair } from './pairs';
import { aboutOf, finished, keyOf, type Session, type Subject, save, seedsOf, watch } from './session';

/** The pre-trained weights of each seed, read when they are asked for. */
export type Trunks = (seed: number) => TrunkWeights<Weight>;

/** How the trunk of an experiment is pre-trained, if it starts from one. */
export function trunkOf(preset: Preset, { task, experiment }: Pair): PretrainingSetting | undefined {
  return experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained'
    ? pretrainingOf(task.source, preset, experiment.trunk, experiment.pretraining)
    : undefined;
}

/** One trunk serves all experiments on its source, in its direction and with its share of the steps. */
export const isSameTrunk = (a: PretrainingSetting, b: PretrainingSetting | undefined): boolean =>
  a.source === b?.source && a.shape.direction === b.shape.direction && a.share === b.share;

/** The trunks that have to be pre-trained, source by source. */
export function trunksOf(preset: Preset, pairs: readonly Pair[]): PretrainingSetting[] {
  const found: PretrainingSetting[] = [];
  for (const pair of pairs) {
    const trunk = trunkOf(preset, pair);
    if (trunk && !found.some((other) => isSameTrunk(other, trunk))) found.push(trunk);
  }
  const sources = [...new Set(found.map(({ source }) => source))];
  return sources.flatMap((source) => found.filter((trunk) => trunk.source === source));
}

/** What documents of pre-training are about. */
export const subjectOfTrunk = ({ source, shape, share }: PretrainingSetting): Subject => ({
  task: source.name,
  metric: 'MRR@5',
  method: { id: 'pretrain', label: 'pre-training', trunk: shape.direction, pretraining: share },
});

/** All that decides a trunk but its seed. */
export const declarationOfTrunk = (
  { code }: Pick<Session, 'code'>,
  { source, shape, budget, masking, candidates }: PretrainingSetting,
) => ({
  trunk: shape,
  pretraining: budget,
  ...(shape.direction === 'non-causal' ? { masking } : {}),
  candidates: candidates ?? 'all',
  source: sourceFingerprint(source),
  code,
});

/** The trunks of all seeds, and their documents. */
export async function pretrainTrunks(
  session: Session,
  trunk: PretrainingSetting,
): Promise<{ documents: Result[]; weights: Trunks }> {
  const subject = subjectOfTrunk(trunk);
  const declaration = declarationOfTrunk(session, trunk);
  const documents: Result[] = [];
  let program: ReturnType<typeof compilePretraining> | undefined;
  try {
    for (const seed of seedsOf(session)) {
      const key = keyOf(subject, declaration, seed);
      const label = `${trunk.shape.direction} pre-training on the source of ${trunk.source.name}, seed ${seed}`;
      const known = fs.existsSync(modelFile(session.out, key)) ? stored(session.out, key) : undefined;
      if (known) documents.push({ ...known, ...aboutOf(session, subject) });
      else {
        program ??= compilePretraining(trunk);
        const watched = watch(session, label, trunk.budget.steps);
        const pretrained = await pretrain(program, trunk, seed, watched);
        saveTrunk(session, trunk, key, pretrained.weights.trunk);
        documents.push(storePretraining(session, trunk, key, pretrained));
      }
      finished(session, label);
    }
  } finally {
    program?.dispose();
  }
  const weights = (seed: number) =>
    loadWeights(
      modelFile(session.out, keyOf(subject, declaration, seed)),
      freshPretraining(trunk, seed).trunk,
    );
  return { documents, weights };
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
