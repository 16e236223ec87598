/** The tiny model as the files that a run leaves. */
import fs from 'node:fs';
import path from 'node:path';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { type PatchCard, savePatches } from '../../../lib/model/files/patchFile';
import { saveModel } from '../../../lib/model/files/safetensors';
import { trunkHash } from '../../../lib/model/files/trunkFile';
import type { TrunkShape } from '../../../lib/model/trunks/trunk';
import { folderWith } from '../../data/folders';
import { ITEMS, insertionAt, LABELS, LENGTH, type Model, shapeOf, tinyModel } from '../tinyModel';

/** Paths of the trunk and of the patch set in their folder, and what is in them. */
export type TinyFiles = Readonly<Record<'folder' | 'trunk' | 'patch', string>> & {
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
  method: 'PeterRec',
  hash: '01ab',
  seed: 1,
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
  const own = { trunk: direction, trunkHash: trunkHash(model.trunk) };
  saveModel(trunk, model.trunk, { card: { ...own, ...shape, length: LENGTH }, vocabulary: FILMS });
  const task = { ...PROVENANCE, task: 'Taste', kind, labels: CLASSES };
  const card = { ...own, ...task, representation: 'token', tcl: 'frozen', insertion } as const;
  savePatches(patch, { model, tuned: [model.patches, model.head] }, card);
  return { folder, trunk, patch, shape, model };
}

/** Writes a file into the folder and returns its path. */
export function write({ folder }: TinyFiles, name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}
