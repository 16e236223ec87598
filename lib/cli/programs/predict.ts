import { UserError } from '../../base/userError';
import { classProbabilities, topLists } from '../../model/exchange/outputs';
import type { Given } from '../../model/exchange/rowFile';
import { type LoadedUserModel, loadUserModel, userSequences } from '../../model/files/patchFile';
import { runCommand, type SequenceOptions } from './program';
import { type Part, writeParts } from './rows';

type Options = SequenceOptions & { readonly patch: readonly string[]; readonly top?: number };

/** Top lists or probabilities of rows, which `read` gives as the model reads them. */
function given(
  model: LoadedUserModel,
  read: (from: number, to: number) => readonly Int32Array[],
  top = 10,
): Given {
  const { kind, labels } = model.card;
  if (kind === 'recommend')
    return {
      lines: function* (from, to) {
        for (const list of topLists(model, read(from, to), top)) yield { top: list };
      },
      columns: { top: 'STRUCT(item VARCHAR, score FLOAT)[]' },
    };
  const probabilities = (from: number, to: number) => classProbabilities(model, read(from, to));
  return {
    lines: function* (from, to) {
      for (const found of probabilities(from, to))
        yield { probabilities: Object.fromEntries(labels.map((label, y) => [label, found[y]])) };
    },
    numbers: { width: labels.length, columns: labels, of: probabilities },
  };
}

async function predict(options: Options): Promise<number> {
  const { checkpoint, patch, trunk, ids, top } = options;
  const parts = patch.map((file): Part => {
    const model = loadUserModel(checkpoint, file, trunk);
    const { task, kind } = model.card;
    if (top !== undefined && kind !== 'recommend')
      throw new UserError(`--top: expected a patch set of a task that recommends items, ${task} has classes`);
    const read = (rows: readonly Int32Array[]) => (ids === 'model' ? rows : userSequences(model, rows));
    return {
      ...{ trunk: model.trunk, model },
      given: (rows) => given(model, (from, to) => read(rows.slice(from, to)), top),
    };
  });
  return writeParts(options, { top }, parts);
}

runCommand(predict);
