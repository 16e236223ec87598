import path from 'node:path';
import { UserError } from '../../base/userError';
import { exportTrunk, exportUserModels, saveUserModel } from '../../model/exchange/exportModel';
import { loadUserModel } from '../../model/files/patchFile';
import { loadTrunk } from '../../model/files/trunkFile';
import { fromHere, MODEL } from '../values';
import { type ModelOptions, runCommand } from './program';

interface Options extends ModelOptions {
  readonly format?: 'onnx' | 'safetensors';
  readonly patch?: readonly string[];
}

/** A file whose ending says the format, or `model` in that format in a folder. */
function fileOf({ out, format }: Pick<Options, 'out' | 'format'>): string {
  const ending = MODEL.exec(out)?.[1];
  if (!ending) return path.join(out, `model.${format ?? 'onnx'}`);
  if (format && format !== ending)
    throw new UserError(`--out ${fromHere(out)}: expected a .${format} file for --format ${format}`);
  return out;
}

async function exportModel(options: Options): Promise<number> {
  const { checkpoint, patch, trunk } = options;
  const file = fileOf(options);
  if (file.endsWith('.safetensors')) {
    if (patch?.length !== 1)
      throw new UserError('a .safetensors file: expected one --patch too, as a trunk is such a file already');
    saveUserModel(file, loadUserModel(checkpoint, patch[0], trunk));
  } else if (patch) {
    exportUserModels(
      file,
      patch.map((file) => loadUserModel(checkpoint, file, trunk)),
    );
  } else exportTrunk(file, loadTrunk(checkpoint, trunk));
  console.log(fromHere(file));
  return 0;
}

runCommand(exportModel);
