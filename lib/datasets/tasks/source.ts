import { counted, type Dropped } from '../card/dropped';
import { type Histories, historyOf } from '../loading/histories';

/** The source side of one or more tasks: what a trunk is pre-trained on. */
export interface Source {
  /** The task that defines it, for example 'ColdRec-2'. */
  readonly name: string;
  /**
   * Ids of the items that occur in the sequences, in descending frequency there, ties by first appearance in the
   * file. The model id of items[i] is i + 1; 0 is padding.
   */
  readonly items: readonly string[];
  readonly users: readonly string[];
  /** One per user: model ids, oldest first, the latest `length` at most, unpadded. */
  readonly sequences: readonly Int32Array[];
  /** One per user: what came before his sequence, oldest first, of the items that occur in the sequences. */
  readonly preceding: readonly Int32Array[];
  readonly length: number;
}

export interface SourceOptions {
  readonly name: string;
  readonly length: number;
  /** Users with fewer source items stand neither in the source nor in its tasks. */
  readonly minSource: number;
  /** Per item code, 1 where the item belongs to the source domain. */
  readonly isSource: Uint8Array;
}

export interface SourceMembers {
  readonly source: Source;
  /** Per source user, his code in the histories. */
  readonly userCodes: readonly number[];
  readonly dropped: readonly Dropped[];
}

/** The latest source items of every user who has enough of them. */
export function buildSource(histories: Histories, options: SourceOptions): SourceMembers {
  const { name, length, minSource, isSource } = options;
  const userCodes: number[] = [];
  const codeSequences: Int32Array[] = [];
  const codesBefore: Int32Array[] = [];
  for (let user = 0; user < histories.users.length; user++) {
    const codes = historyOf(histories, user).filter((item) => isSource[item] === 1);
    if (codes.length < minSource) continue;
    userCodes.push(user);
    codeSequences.push(codes.subarray(-length));
    codesBefore.push(codes.subarray(0, -length));
  }
  const vocabulary = byFrequency(codeSequences, histories.items.length);
  const modelId = new Int32Array(histories.items.length);
  vocabulary.forEach((code, rank) => {
    modelId[code] = rank + 1;
  });
  const source = {
    name,
    items: vocabulary.map((code) => histories.items[code]),
    users: userCodes.map((user) => histories.users[user]),
    sequences: codeSequences.map((codes) => codes.map((code) => modelId[code])),
    preceding: codesBefore.map((codes) => codes.map((code) => modelId[code]).filter((id) => id > 0)),
    length,
  };
  const short = histories.users.length - userCodes.length;
  const why = `fewer than ${minSource} source items`;
  return { source, userCodes, dropped: counted({ what: 'users', why, count: short }) };
}

/** The codes that occur, most frequent first; equal ones keep the order of the codes. */
function byFrequency(sequences: readonly Int32Array[], codeCount: number): number[] {
  const counts = new Int32Array(codeCount);
  for (const sequence of sequences) for (const code of sequence) counts[code]++;
  return [...counts.keys()].filter((code) => counts[code] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
}
