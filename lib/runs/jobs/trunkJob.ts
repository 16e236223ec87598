/** Pre-trained trunks: trained and kept, and read from their files. */
import fs from 'node:fs';
import type { Result } from '../../documents/document';
import { type Key, modelFile, stored } from '../../documents/store';
import { readSealed, type Seal } from '../../files/sealed';
import { percentOf } from '../../methods/identity';
import type { TrunkWeights } from '../../model/trunk';
import { cardOf, loadWeights, saveModel } from '../../modelFiles/safetensors';
import { trunkHash } from '../../modelFiles/trunkFile';
import { freshPretraining, PRETRAINING_METRIC } from '../../recipes/pretrain';
import type { PretrainingSetting } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import { aboutOf, type Session, save, watch } from '../session/session';
import type { Job } from './job';
import { pretraining } from './pretraining';
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
      const { seed: find, dispose } = pretraining(trunk);
      const seed = async (seed: number) => {
        const key = keyOf(seed);
        const about = { label: labelOf(seed), steps: trunk.steps, metric: PRETRAINING_METRIC };
        const { trunk: weights, ...found } = await find(seed, watch(own, { key, ...about }));
        const left = saveTrunk(own, trunk, key, weights).checksum;
        save(own, subjectOfTrunk(trunk), key, { ...found, left });
      };
      return { seed, dispose };
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
