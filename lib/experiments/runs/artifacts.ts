/** Trunks and patches as files that other trainings start from. */
import fs from 'node:fs';
import { fingerprint } from '../../base/fingerprint';
import { readSealed, type Seal } from '../../base/sealed';
import type { Weight } from '../../engine/weights';
import { loadPatches, type PatchCard, savePatches } from '../../model/files/patchFile';
import { cardOf, loadWeights, saveModel } from '../../model/files/safetensors';
import { trunkHash } from '../../model/files/trunkFile';
import type { ShippedInsertion } from '../../model/patches/patches';
import { blankTrunk } from '../../model/trunks/trunk';
import { modelFile, type Result, stored } from '../documents/document';
import { packedDocument } from '../documents/packed';
import { extentOf } from '../methods/experiment';
import { isOwn, type Own } from '../methods/own/own';
import { selectionOf } from '../recipes/frozen';
import type { Found } from '../recipes/recipe';
import { choicesIn, type From, type TuningChoices } from '../recipes/settings';
import { type FineTuningRecord, nameOf, type TrunkRecord } from '../records/record';
import { shapeIn } from '../records/trunks';
import { type Job, startsOf, stemIn } from '../resolve/resolve';
import { sourceOf, type Tasks, taskOf } from './data';

/** The document of a trunk, if its weights and their card lie beside it. */
function storedTrunk(out: string, stem: string): Result | undefined {
  const file = modelFile(out, stem);
  return fs.existsSync(file) && fs.existsSync(cardOf(file)) ? stored(out, stem) : undefined;
}

/** Checksums of all that a training starts from, as one; undefined where it starts from nothing or something is missing. */
function startOf(checksums: readonly (string | undefined)[]): string | undefined {
  if (checksums.length === 0 || checksums.includes(undefined)) return undefined;
  return checksums.length === 1 ? checksums[0] : fingerprint(checksums);
}

/** Labels whose documents were made from another trunk: each is told once. */
const told = new Set<string>();

/** The document of a job: computed here, or packed. */
export function documentOf(out: string, job: Job): Result | undefined {
  const own = computedHere(out, job);
  if (own) return own;
  const packed = packedDocument(out, stemIn(job));
  return packed && { ...packed, ...job.about };
}

/** Whether the weights that a job leaves for others are there. */
export const hasWeights = (out: string, job: Job): boolean => fs.existsSync(modelFile(out, stemIn(job)));

/** The document of a job under OUT/results, if it was made from the trunk that is there. */
export function computedHere(out: string, job: Job): Result | undefined {
  const stem = stemIn(job);
  const document = job.record.kind === 'trunk' ? storedTrunk(out, stem) : stored(out, stem);
  const [trunk, ...others] = startsOf(job);
  const start =
    trunk && startOf([storedTrunk(out, trunk)?.left, ...others.map((one) => stored(out, one)?.left)]);
  if (!document || start === undefined || document.startedFrom === start)
    return document && { ...document, ...job.about };
  const name = `${out} ${stem}`;
  if (!told.has(name)) console.log(`${job.label}: made from another trunk than is there now, computed again`);
  told.add(name);
  return undefined;
}

/** Reads what a training starts from, with one checksum of it all. Throws Damaged if it is not what its card says. */
export function readStart(out: string, job: Job): { readonly from: From; readonly startedFrom?: string } {
  const [stem, ...others] = startsOf(job);
  if (stem === undefined) return { from: {} };
  const shape = shapeIn(job.record as FineTuningRecord);
  const file = modelFile(out, stem);
  const seal = readSealed(cardOf(file));
  const trunk = loadWeights(file, blankTrunk(shape), { seal });
  const read = others.map((other) => {
    const own = modelFile(out, other);
    const { checksum } = readSealed(cardOf(own));
    return { patches: loadPatches(own, trunk, shape).model.patches, checksum };
  });
  const startedFrom = startOf([seal.checksum, ...read.map(({ checksum }) => checksum)]) as string;
  const fused = read.length > 0 ? { others: read.map(({ patches }) => patches) } : {};
  return { from: { trunk, ...fused }, startedFrom };
}

/** Keys of every card. */
const cardKeys = ({ record, about: { data, task, experiment } }: Job) => ({
  ...{ data, task, experiment, hash: nameOf(record), seed: record.seed },
});

/** Writes a trunk with its card and its vocabulary: item i has id i + 1. */
function saveTrunk(
  file: string,
  job: Job,
  record: TrunkRecord,
  weights: NonNullable<Found['trunk']>,
  tasks: Tasks,
): Seal {
  const { items, length } = sourceOf(record, tasks);
  const { batch, windows, shuffled, dropout, rate, patience, steps, evaluations } = record;
  const pretraining = { batch, windows, shuffled, dropout, rate, patience, steps, evaluations };
  const shown = { ...shapeIn(record), length, trunkHash: trunkHash(weights) };
  return saveModel(file, weights, { card: { ...cardKeys(job), ...shown, pretraining }, vocabulary: items });
}

/** Description of patches in a card: their shipped form, or the names of a researcher's own functions. */
function insertionCard({ patches }: TuningChoices): Pick<PatchCard, 'insertion' | 'own'> {
  const own = (Object.values({ ...patches }) as unknown[]).filter((value): value is Own => isOwn(value));
  if (own.length > 0) return { insertion: null, own: own.map(({ name }) => name) };
  return { insertion: (patches as ShippedInsertion | undefined) ?? null };
}

/** Writes what a task adds to its trunk; of a method that tuned all of it only where the user asks for so much. */
function savePatchesOf(
  file: string,
  job: Job,
  record: FineTuningRecord,
  { start, tuned: weights }: NonNullable<Found['models']>,
  tasks: Tasks,
): Seal | undefined {
  const choices = choicesIn(record);
  if (extentOf(choices) === 'everything' && !(record.from && process.env.PETERREC_KEEP)) return undefined;
  const { kind, labels } = taskOf(record, tasks);
  const { trunk, representation, tcl, fused, itemRank, pastRank } = record;
  const shown = {
    ...{ kind, labels, trunk, trunkHash: trunkHash(start.trunk), representation, tcl },
    ...(itemRank === null ? {} : { itemRank }),
    ...(pastRank === null ? {} : { pastRank }),
    ...(fused.length > 0 ? { fused } : {}),
  };
  const card = { ...cardKeys(job), method: job.about.method, ...shown, ...insertionCard(choices) };
  return savePatches(file, { model: weights, tuned: selectionOf(choices)<Weight>(weights) }, card);
}

/** Writes the weights that a training leaves, with their card. */
export function saveArtifacts(
  out: string,
  job: Job,
  { trunk, models }: Found,
  tasks: Tasks,
): Seal | undefined {
  const file = modelFile(out, stemIn(job));
  const { record } = job;
  if (record.kind === 'trunk' && trunk) return saveTrunk(file, job, record, trunk, tasks);
  if (record.kind === 'fine-tuning' && models) return savePatchesOf(file, job, record, models, tasks);
  return undefined;
}
