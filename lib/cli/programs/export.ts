import { exportTrunk, exportUserModel, lengthOf, saveUserModel } from '../../exchange/exportModel';
import { loadTrunk } from '../../modelFiles/trunkFile';
import { loadUserModel } from '../../modelFiles/userModelFile';
import type { Direction } from '../../tensorflow/ops/convolution';
import { UserError } from '../../userError';
import { shown } from '../options/shown';
import { runCommand } from './runCommand';

/** What `commands.js` declares for export, read and checked; files and folders are absolute. */
interface Options {
  readonly checkpoint: string;
  readonly patch?: string;
  readonly trunk?: Direction;
  readonly format: 'saved-model' | 'safetensors';
  readonly rows: number;
  readonly length?: number;
  readonly out: string;
}

function lengthOr(fallback: number | undefined, { length }: Options): number {
  const chosen = length ?? fallback;
  if (chosen) return chosen;
  throw new UserError('--length is missing: expected how many ids a row has, as the checkpoint does not say');
}

async function exportModel(options: Options): Promise<number> {
  const { checkpoint, patch, trunk, format, rows, out } = options;
  if (!patch) {
    if (format === 'safetensors')
      throw new UserError('--format safetensors: expected --patch too, as a trunk is such a file already');
    const loaded = loadTrunk(checkpoint, trunk);
    exportTrunk(out, loaded, { rows, length: lengthOr(loaded.source?.length, options) });
  } else {
    const model = loadUserModel(checkpoint, patch, trunk);
    if (format === 'safetensors') saveUserModel(out, model);
    else exportUserModel(out, model, { rows, length: lengthOr(lengthOf(model), options) });
  }
  console.log(shown(out));
  return 0;
}

runCommand(exportModel);
