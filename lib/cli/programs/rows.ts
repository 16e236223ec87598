/** Shared by `encode` and `predict`: a file of rows in, and for each task a file of its results out. */
import path from 'node:path';
import { checksumOfFile } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { type Given, requireFit, writeRows } from '../../model/exchange/rowFile';
import { readSequencesFor } from '../../model/exchange/sequenceFile';
import type { LoadedUserModel } from '../../model/files/patchFile';
import { type LoadedTrunk, trunkHash } from '../../model/files/trunkFile';
import { addedTo } from '../../model/patches/patches';
import { fromHere } from '../values';
import { type SequenceOptions, terminalProgress } from './program';

/** A trunk, with the patch set of a task or alone, and what it gives for the rows of a file. */
export type Part = {
  readonly trunk: LoadedTrunk;
  readonly model?: LoadedUserModel;
  readonly given: (rows: readonly Int32Array[]) => Given;
};

/** `users.parquet` of one task, `users.AgeEst.parquet` of several. */
function fileOf(out: string, { model }: Part, parts: readonly Part[]): string {
  if (parts.length === 1 || !model) return out;
  const { dir, name, ext } = path.parse(out);
  return path.join(dir, `${name}.${model.card.task}${ext}`);
}

/** Reads the rows once and writes a file for each part, all of one trunk; `choices` are what else decides its content. */
export async function writeParts(
  { input, ids, out, patch }: SequenceOptions,
  choices: object,
  parts: readonly Part[],
): Promise<number> {
  const files = parts.map((part) => fileOf(out, part, parts));
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice) throw new UserError('--patch: expected patch sets of different tasks, found one task twice');
  for (const [i, part] of parts.entries()) requireFit(files[i], part.given([]));
  const prompted = parts.find(({ model }) => addedTo(model?.insertion) > 0) ?? parts[0];
  const rows = readSequencesFor(prompted.trunk, input, ids, prompted.model?.insertion);
  const progress = terminalProgress();
  const shared = { trunk: trunkHash(prompted.trunk.weights), input: checksumOfFile(input), ids, choices };
  for (const [i, { given }] of parts.entries()) {
    const made = { ...shared, patch: patch && checksumOfFile(patch[i]) };
    const onShard = (done: number, of: number) => progress({ done, total: of, label: fromHere(files[i]) });
    await writeRows(files[i], { made, rows: rows.length, onShard }, given(rows));
    console.log(fromHere(files[i]));
  }
  return 0;
}
