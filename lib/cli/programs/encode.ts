import {
  type Positions,
  patchedStates,
  type States,
  trunkStates,
  userStates,
} from '../../model/exchange/outputs';
import type { Given } from '../../model/exchange/rowFile';
import { loadUserModel } from '../../model/files/patchFile';
import { loadTrunk, trunkSequences } from '../../model/files/trunkFile';
import { runCommand, type SequenceOptions } from './program';
import { type Part, writeParts } from './rows';

type Options = SequenceOptions & { readonly positions: Positions };

/** Hidden states as they are written: all of a row in a line, or its one vector as numbers. */
function given(width: number, positions: Positions, of: (from: number, to: number) => States): Given {
  const lines: Given['lines'] = function* (from, to) {
    for (const hidden of of(from, to)) yield { hidden: hidden.map((h) => [...h]) };
  };
  if (positions === 'all') return { lines };
  const vectors = function* (from: number, to: number) {
    for (const [h] of of(from, to)) yield h;
  };
  return { lines, numbers: { width, columns: 'hidden', of: vectors } };
}

async function encode(options: Options): Promise<number> {
  const { checkpoint, trunk, ids, positions } = options;
  const part = (
    from: Pick<Part, 'trunk' | 'model'>,
    states: (rows: readonly Int32Array[]) => States,
  ): Part => ({
    ...from,
    given: (rows) =>
      given(from.trunk.shape.channels, positions, (first, end) => states(rows.slice(first, end))),
  });
  const ofTrunk = () => {
    const loaded = loadTrunk(checkpoint, trunk);
    const read = (rows: readonly Int32Array[]) => (ids === 'model' ? rows : trunkSequences(loaded, rows));
    return part({ trunk: loaded }, (rows) => trunkStates(loaded, read(rows), positions));
  };
  const ofPatch = (file: string) => {
    const model = loadUserModel(checkpoint, file, trunk);
    const states = ids === 'model' ? patchedStates : userStates;
    return part({ trunk: model.trunk, model }, (rows) => states(model, rows, positions));
  };
  return writeParts(options, { positions }, options.patch?.map(ofPatch) ?? [ofTrunk()]);
}

runCommand(encode);
