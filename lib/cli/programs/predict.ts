import { numbered, writeLines } from '../../exchange/lines';
import { classProbabilities, topLists } from '../../exchange/predictions';
import { type Ids, readSequencesFor } from '../../exchange/sequenceFile';
import { type LoadedUserModel, loadUserModel, userSequences } from '../../modelFiles/userModelFile';
import type { Direction } from '../../tensorflow/ops/convolution';
import { shown } from '../options/shown';
import { runCommand } from './runCommand';

/** What `commands.js` declares for predict, read and checked; files are absolute. */
interface Options {
  readonly checkpoint: string;
  readonly patch: string;
  readonly trunk?: Direction;
  readonly ids: Ids;
  readonly top: number;
  readonly input: string;
  readonly out: string;
}

function* predictions(model: LoadedUserModel, rows: readonly Int32Array[], top: number): Generator<object> {
  if (model.card.kind === 'recommend') {
    for (const list of topLists(model, rows, top)) yield { top: list };
  } else {
    for (const probabilities of classProbabilities(model, rows)) yield { probabilities };
  }
}

async function predictFile({ checkpoint, patch, trunk, ids, top, input, out }: Options): Promise<number> {
  const model = loadUserModel(checkpoint, patch, trunk);
  const given = readSequencesFor(model.trunk, input, ids);
  const rows = ids === 'model' ? given : userSequences(model, given);
  writeLines(out, numbered(predictions(model, rows, top)));
  console.log(shown(out));
  return 0;
}

runCommand(predictFile);
