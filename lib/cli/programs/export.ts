import { UserError } from '../../base/userError';
import {
  exportTrunk,
  exportUserModel,
  fewestOf,
  lengthOf,
  saveUserModel,
} from '../../model/exchange/exportModel';
import { loadUserModel } from '../../model/files/patchFile';
import { loadTrunk } from '../../model/files/trunkFile';
import { shown } from '../values';
import { type ModelOptions, runCommand } from './program';

interface Options extends ModelOptions {
  readonly format: 'saved-model' | 'safetensors';
  readonly rows?: number;
  readonly length?: number;
}

function lengthOr(trained: number | undefined, fewest: number, { length = trained }: Options): number {
  if (length === undefined)
    throw new UserError(
      '--length is missing: expected how many ids a row has, as the checkpoint does not say',
    );
  if (length < fewest)
    throw new UserError(`--length ${length}: expected at least ${fewest}, for an item and its [TCL]`);
  return length;
}

function writeSavedModel(options: Options): void {
  const { checkpoint, patch, trunk, rows = 1, out } = options;
  if (patch) {
    const model = loadUserModel(checkpoint, patch, trunk);
    exportUserModel(out, model, { rows, length: lengthOr(lengthOf(model), fewestOf(model), options) });
  } else {
    const loaded = loadTrunk(checkpoint, trunk);
    exportTrunk(out, loaded, { rows, length: lengthOr(loaded.source?.length, 1, options) });
  }
}

function writeSafetensors({ checkpoint, patch, trunk, rows, length, out }: Options): void {
  if (!patch)
    throw new UserError('--format safetensors: expected --patch too, as a trunk is such a file already');
  if (rows !== undefined || length !== undefined)
    throw new UserError('--format safetensors: expected no --rows or --length, which only a SavedModel has');
  saveUserModel(out, loadUserModel(checkpoint, patch, trunk));
}

async function exportModel(options: Options): Promise<number> {
  if (options.format === 'safetensors') writeSafetensors(options);
  else writeSavedModel(options);
  console.log(shown(options.out));
  return 0;
}

runCommand(exportModel);
