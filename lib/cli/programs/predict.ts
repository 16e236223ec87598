import { UserError } from '../../base/userError';
import { classProbabilities, topLists } from '../../model/exchange/outputs';
import { numbered, readSequencesFor, writeLines } from '../../model/exchange/sequenceFile';
import { type LoadedUserModel, loadUserModel, userSequences } from '../../model/files/patchFile';
import { shown } from '../values';
import { runCommand, type SequenceOptions } from './program';

type Options = SequenceOptions & { readonly patch: string; readonly top?: number };

function* predictions(model: LoadedUserModel, rows: readonly Int32Array[], top = 10): Generator<object> {
  if (model.card.kind === 'recommend') {
    for (const list of topLists(model, rows, top)) yield { top: list };
  } else {
    for (const probabilities of classProbabilities(model, rows)) yield { probabilities };
  }
}

async function predictFile({ checkpoint, patch, trunk, ids, top, input, out }: Options): Promise<number> {
  const model = loadUserModel(checkpoint, patch, trunk);
  const { task, kind } = model.card;
  if (top !== undefined && kind !== 'recommend')
    throw new UserError(`--top: expected a patch set of a task that recommends items, ${task} has classes`);
  const given = readSequencesFor(model.trunk, input, ids, model.insertion);
  const rows = ids === 'model' ? given : userSequences(model, given);
  writeLines(out, numbered(predictions(model, rows, top)));
  console.log(shown(out));
  return 0;
}

runCommand(predictFile);
