/** Trunks and patches as files that other trainings start from. */
import fs from 'node:fs';
import { readSealed, type Seal } from '../../base/sealed';
import type { Weight } from '../../engine/weights';
import { loadPatches, type PatchCard, savePatches } from '../../model/files/patchFile';
import { cardOf, loadWeights, saveModel } from '../../model/files/safetensors';
import { trunkHash } from '../../model/files/trunkFile';
import type { ShippedInsertion } from '../../model/patches/patches';
import type { TrunkShape, TrunkWeights } from '../../model/trunks/trunk';
import { type Key, modelFile, type Result, stored } from '../documents/document';
import { extentOf, type FineTuning, fusedTasks } from '../methods/experiment';
import { isOwn } from '../methods/own/own';
import { selectionOf } from '../recipes/frozen';
import { freshPretraining } from '../recipes/pretrain';
import { insertionOf, itemRankOf, type PretrainingSetting, trunkShape } from '../recipes/settings';
import { keyOfTrunk, type Pair } from './declaration';
import type { Models, Session } from './session';

/** The document of a trunk, if its weights and their card lie beside it. */
export function storedTrunk(out: string, key: Key): Result | undefined {
  const file = modelFile(out, key);
  return fs.existsSync(file) && fs.existsSync(cardOf(file)) ? stored(out, key) : undefined;
}

/** Reads a pre-trained trunk. Throws Damaged if it is not what its card says. */
export function readTrunk(session: Session, trunk: PretrainingSetting, seed: number) {
  const file = modelFile(session.out, keyOfTrunk(session, trunk, seed));
  const seal = readSealed(cardOf(file));
  const like = freshPretraining(trunk, seed).trunk;
  return { weights: loadWeights(file, like, { seal }), checksum: seal.checksum };
}

/** Reads the patches that another task left on a trunk. */
export function readPatches(
  session: Session,
  { shape }: PretrainingSetting,
  key: Key,
  trunk: TrunkWeights<Weight>,
) {
  const file = modelFile(session.out, key);
  const { checksum } = readSealed(cardOf(file));
  return { patches: loadPatches(file, trunk, shape).model.patches, checksum };
}

/** Writes a trunk with its card and its vocabulary: item i has id i + 1. */
export function saveTrunk(
  { out, data }: Session,
  { source, shape, budget }: PretrainingSetting,
  { declaration: _, ...key }: Key,
  weights: TrunkWeights<Weight>,
): Seal {
  const shown = { ...shape, length: source.length, trunkHash: trunkHash(weights) };
  const card = { data, ...key, ...shown, pretraining: budget };
  return saveModel(modelFile(out, key), weights, { card, vocabulary: source.items });
}

/** What a card says of patches: their shipped form, or the names of a researcher's own functions. */
function insertionCard(experiment: FineTuning, shape: TrunkShape): Pick<PatchCard, 'insertion' | 'own'> {
  const own = [experiment.patches?.place, experiment.patches?.patch].filter(isOwn).map(({ name }) => name);
  if (own.length > 0) return { insertion: null, own };
  return { insertion: (insertionOf(experiment, shape) as ShippedInsertion | undefined) ?? null };
}

/** Writes what a task adds to its trunk; nothing if everything was tuned, which would be a whole model. */
export function keepPatches(
  { out, data, preset }: Session,
  { task, experiment }: Pair,
  { declaration: _, ...key }: Key,
  { start, tuned: weights }: Models,
): Seal | undefined {
  if (experiment.kind !== 'fine-tuning' || extentOf(experiment) === 'everything') return undefined;
  const { trunk, representation, tcl, fused, label: method } = experiment;
  const { kind, labels } = task;
  const shape = trunkShape(task.source, preset, trunk);
  const insertion = insertionCard(experiment, shape);
  const itemRank = itemRankOf(experiment, shape);
  const shown = {
    kind,
    labels,
    trunk,
    trunkHash: trunkHash(start.trunk),
    representation,
    tcl,
    ...(itemRank ? { itemRank } : {}),
    ...(fused ? { fused: fusedTasks(fused) } : {}),
  };
  const card = { data, ...key, method, ...shown, ...insertion };
  const chosen = { model: weights, tuned: selectionOf(experiment)<Weight>(weights) };
  return savePatches(modelFile(out, key), chosen, card);
}
