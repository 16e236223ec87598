import type { Positions, States } from '../../model/exchange/outputs';
import { patchedStates, trunkStates, userStates } from '../../model/exchange/outputs';
import { numbered, readSequencesFor, writeLines } from '../../model/exchange/sequenceFile';
import { loadUserModel } from '../../model/files/patchFile';
import { loadTrunk, trunkSequences } from '../../model/files/trunkFile';
import { shown } from '../values';
import { runCommand, type SequenceOptions } from './program';

type Options = SequenceOptions & { readonly positions: Positions };

/** The model's states for the rows of a file, which is read before anything is computed. */
function statesOf({ checkpoint, patch, trunk, ids, positions, input }: Options): States {
  if (!patch) {
    const loaded = loadTrunk(checkpoint, trunk);
    const given = readSequencesFor(loaded, input, ids);
    return trunkStates(loaded, ids === 'model' ? given : trunkSequences(loaded, given), positions);
  }
  const model = loadUserModel(checkpoint, patch, trunk);
  const states = ids === 'model' ? patchedStates : userStates;
  return states(model, readSequencesFor(model.trunk, input, ids, model.insertion), positions);
}

function* encoded(options: Options): Generator<{ hidden: number[][] }> {
  for (const hidden of statesOf(options)) yield { hidden: hidden.map((h) => [...h]) };
}

async function encode(options: Options): Promise<number> {
  writeLines(options.out, numbered(encoded(options)));
  console.log(shown(options.out));
  return 0;
}

runCommand(encode);
