import { UserError } from '../../base/userError';
import { exportTrunk, exportUserModels, saveUserModel } from '../../model/exchange/exportModel';
import { loadUserModel } from '../../model/files/patchFile';
import { loadTrunk } from '../../model/files/trunkFile';
import { fromHere } from '../values';
import { type ModelOptions, runCommand } from './program';

interface Options extends ModelOptions {
  readonly format: 'onnx' | 'safetensors';
  readonly patch?: readonly string[];
}

async function exportModel({ format, checkpoint, patch, trunk, out }: Options): Promise<number> {
  if (format === 'safetensors') {
    if (patch?.length !== 1)
      throw new UserError(
        '--format safetensors: expected one --patch too, as a trunk is such a file already',
      );
    saveUserModel(out, loadUserModel(checkpoint, patch[0], trunk));
  } else if (patch) {
    exportUserModels(
      out,
      patch.map((file) => loadUserModel(checkpoint, file, trunk)),
    );
  } else exportTrunk(out, loadTrunk(checkpoint, trunk));
  console.log(fromHere(out));
  return 0;
}

runCommand(exportModel);
