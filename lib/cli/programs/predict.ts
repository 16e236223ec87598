import { UserError } from '../../base/userError';
import type { Direction } from '../../engine/ops/convolution';
import { numbered, writeLines } from '../../model/exchange/lines';
import { classProbabilities, topLists } from '../../model/exchange/predictions';
import { type Ids, readSequencesFor } from '../../model/exchange/sequenceFile';
import { type LoadedUserModel, loadUserModel, userSequences } from '../../model/files/patchFile';
import { shown } from '../values';
import { runCommand } from './program';

/** What `commands.js` declares for predict, read and checked; files are absolute. */
interface Options {
  readonly checkpoint: string;
  readonly patch: string;
  readonly trunk?: Direction;
  readonly ids: Ids;
  readonly top?: number;
  readonly input: string;
  readonly out: string;
}

/** Items of a list if `--top` is not given. */
const TOP = 10;

function* predictions(model: LoadedUserModel, rows: readonly Int32Array[], top = TOP): Generator<object> {
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
  const given = readSequencesFor(model.trunk, input, ids);
  const rows = ids === 'model' ? given : userSequences(model, given);
  writeLines(out, numbered(predictions(model, rows, top)));
  console.log(shown(out));
  return 0;
}

runCommand(predictFile);
