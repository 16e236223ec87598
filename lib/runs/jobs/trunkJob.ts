/** Pre-trained trunks: trained and kept, and read from their files. */
import fs from 'node:fs';
import type { Result } from '../../documents/document';
import { type Key, modelFile, stored } from '../../documents/store';
import { readSealed, type Seal } from '../../files/sealed';
import { percentOf } from '../../methods/identity';
import type { Metrics } from '../../metrics/metrics';
import { reciprocalRank } from '../../metrics/ranking';
import type { TrunkWeights } from '../../model/trunk';
import { cardOf, loadWeights, saveModel } from '../../modelFiles/safetensors';
import { trunkHash } from '../../modelFiles/trunkFile';
import {
  compilePretraining,
  freshPretraining,
  PRETRAINING_METRIC,
  type Pretrained,
  pretrain,
} from '../../recipes/pretrain';
import type { PretrainingSetting } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import { aboutOf, type Session, save, watch } from '../session/session';
import { accountOfPretraining } from './account';
import type { Job } from './job';
import { keyOfTrunk, subjectOfTrunk } from './trunks';
import { workloadOfTrunk } from './workload';

/** One trunk, all seeds. */
export function trunkJob(session: Session, trunk: PretrainingSetting): Job {
  const labelOf = (seed: number) => labelOfTrunk(trunk, seed);
  const key = keyOfTrunk(session, trunk, 0); // a seed changes nothing else of it
  const keyOf = (seed: number) => ({ ...key, seed });
  return {
    of: 'trunk',
    length: trunk.source.length,
    workload: workloadOfTrunk(trunk),
    labelOf,
    keyOf,
    documentOf: (seed) => storedTrunk(session, trunk, seed),
    trunkOf: () => undefined,
    begin: (own) => {
      const program = compilePretraining(trunk);
      const seed = async (seed: number) => {
        const about = { label: labelOf(seed), steps: trunk.steps, metric: PRETRAINING_METRIC };
        const watched = watch(own, { key: keyOf(seed), ...about });
        keep(own, trunk, seed, await pretrain(program, trunk, seed, watched));
      };
      return { seed, dispose: () => program.dispose() };
    },
  };
}

/** A pre-trained trunk, and what documents that start from it name it by. */
export type Trunk = { readonly weights: TrunkWeights<Weight>; readonly checksum: string };

/** The pre-trained trunk of each seed, read when it is asked for. */
export type Trunks = {
  /** Throws Damaged where it is not what its card says. */
  readonly read: (seed: number) => Trunk;
  /** Of the one that lies there; nothing where there is none. */
  readonly checksum: (seed: number) => string | undefined;
};

/** The trunks that lie in the output folder. */
export function trunksIn(session: Session, trunk: PretrainingSetting): Trunks {
  const fileOf = (seed: number) => modelFile(session.out, keyOfTrunk(session, trunk, seed));
  return {
    read: (seed) => {
      const [file, like] = [fileOf(seed), freshPretraining(trunk, seed).trunk];
      const seal = readSealed(cardOf(file));
      return { weights: loadWeights(file, like, { seal }), checksum: seal.checksum };
    },
    checksum: (seed) => storedTrunk(session, trunk, seed)?.left,
  };
}

/** The document of a trunk whose weights lie beside it, with their card. */
function storedTrunk(session: Session, trunk: PretrainingSetting, seed: number): Result | undefined {
  const key = keyOfTrunk(session, trunk, seed);
  const file = modelFile(session.out, key);
  const isThere = fs.existsSync(file) && fs.existsSync(cardOf(file));
  const known = isThere ? stored(session.out, key) : undefined;
  return known && { ...known, ...aboutOf(session, subjectOfTrunk(trunk)) };
}

function labelOfTrunk({ source, shape, share }: PretrainingSetting, seed: number): string {
  const part = share === 1 ? '' : `, ${percentOf(share)} of the steps`;
  return `${shape.direction} pre-training on the source of ${source.name}${part}, seed ${seed}`;
}

/** Leaves the weights of a trunk, and its document. */
function keep(session: Session, trunk: PretrainingSetting, seed: number, found: Pretrained): void {
  const key = keyOfTrunk(session, trunk, seed);
  const { checksum } = saveTrunk(session, trunk, key, found.weights.trunk);
  storePretraining(session, trunk, { key, left: checksum }, found);
}

/** Writes a trunk with its card, and the vocabulary whose places its ids are. */
function saveTrunk(
  { out, data }: Session,
  { source, shape: { direction, ...shape }, budget }: PretrainingSetting,
  { declaration: _, ...key }: Key,
  weights: TrunkWeights<Weight>,
): Seal {
  const shown = { trunk: direction, ...shape, length: source.length, trunkHash: trunkHash(weights) };
  const card = { data, ...key, ...shown, pretraining: budget };
  return saveModel(modelFile(out, key), weights, { card, vocabulary: source.items });
}

function storePretraining(
  session: Session,
  trunk: PretrainingSetting,
  { key, left }: { readonly key: Key; readonly left: string },
  { weights, curve, lastItems }: Pretrained,
): void {
  const popularity = lastItems.map(({ popularityRank }) => popularityRank);
  const last = curve[curve.length - 1];
  const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
  const rows = lastItems.map(({ user, rank, popularityRank }) => ({
    row: user,
    user_id: trunk.source.users[user],
    rank,
    popularity_rank: popularityRank,
  }));
  save(session, subjectOfTrunk(trunk), key, {
    rows,
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
    left,
  });
}
