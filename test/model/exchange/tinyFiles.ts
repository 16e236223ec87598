/** The tiny model as the files that a run leaves. */
import fs from 'node:fs';
import path from 'node:path';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { type PatchCard, savePatches } from '../../../lib/model/files/patchFile';
import { saveModel } from '../../../lib/model/files/safetensors';
import { trunkHash } from '../../../lib/model/files/trunkFile';
import type { TrunkShape } from '../../../lib/model/trunk';
import { folderWith } from '../../data/folders';
import { ITEMS, insertionAt, LABELS, LENGTH, type Model, shapeOf, tinyModel } from '../tinyModel';

export type TinyFiles = {
  readonly folder: string;
  readonly trunk: string;
  readonly patch: string;
  readonly shape: TrunkShape;
  readonly model: Model;
};

export const FILMS = Array.from({ length: ITEMS }, (_, i) => `film${i + 1}`);
export const CLASSES = Array.from({ length: LABELS }, (_, y) => `label${y}`);
export const insertion = insertionAt('parallel');
/** Which run the patch set says to be of. */
export const PROVENANCE = {
  data: 'made-up',
  experiment: 'PeterRec',
  hash: '0123456789ab',
  seed: 1,
  method: 'PeterRec',
};

/** A trunk with its card and vocabulary, and a patch set on it, in a new folder. */
export function tinyFiles(
  direction: Direction,
  kind: PatchCard['kind'] = 'classify',
  padding: TrunkShape['padding'] = 'masked',
): TinyFiles {
  const folder = folderWith({});
  const [trunk, patch] = ['trunk', 'patch'].map((name) => path.join(folder, `${name}.safetensors`));
  const shape = { ...shapeOf(direction), padding };
  const model = tinyModel(direction, insertion);
  const { direction: _, ...sizes } = shape;
  const hash = trunkHash(model.trunk);
  const card = { trunk: direction, ...sizes, length: LENGTH, trunkHash: hash };
  saveModel(trunk, model.trunk, { card, vocabulary: FILMS });
  savePatches(
    patch,
    { model, tuned: [model.patches, model.head] },
    {
      ...PROVENANCE,
      task: 'Taste',
      kind,
      labels: CLASSES,
      trunk: direction,
      trunkHash: hash,
      representation: 'token',
      tcl: 'frozen',
      insertion,
    },
  );
  return { folder, trunk, patch, shape, model };
}

/** Writes a file into the folder and returns its path. */
export function write({ folder }: TinyFiles, name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}
