import { counted } from '../card/dropped';
import { type Histories, historyOf } from '../loading/histories';

/** The source side of one or more tasks: what a trunk is pre-trained on. */
export interface Source {
  /** The task that defines it, for example 'ColdRec-2'. */
  readonly name: string;
  /**
   * Ids of the items that occur in the sequences, most frequent first (on a timeline, before its time), ties by
   * first appearance in the file. The model id of items[i] is i + 1; 0 is padding.
   */
  readonly items: readonly string[];
  readonly users: readonly string[];
  /** One per user: model ids, oldest first, the latest `length` at most, unpadded. */
  readonly sequences: readonly Int32Array[];
  /** One per user: what came before their sequence, oldest first, of the items that occur in the sequences. */
  readonly preceding: readonly Int32Array[];
  readonly length: number;
  /**
   * On a timeline: the source as it was before its time, for pre-training. The source itself then has each user
   * once with the whole sequence, and once per target with the sequence before it.
   */
  readonly before?: Source;
  /** Whether a seed's trunks leave out the users whom it tests; its tasks then have folds by user. */
  readonly unread?: boolean;
}

/** Source of pre-training: on a timeline, as it was before its time. */
export const pretrainedOn = (source: Source): Source => source.before ?? source;

/** Users with fewer than `minSource` source items are dropped; `isSource`: per item code, 1 in the source domain. */
export type SourceOptions = Pick<Source, 'name' | 'length'> & {
  readonly minSource: number;
  readonly isSource: Uint8Array;
};

/** The first so many interactions of a user, by their code in the histories. */
export type Reader = { readonly user: number; readonly upTo: number };

/** All users with all of their interactions. */
export const wholeReaders = ({ users, starts }: Histories): Reader[] =>
  users.map((_, user) => ({ user, upTo: starts[user + 1] - starts[user] }));

/** The latest source items of every reader who has enough of them; `before`: the readers for pre-training, if other ones. */
export function buildSource(
  histories: Histories,
  options: SourceOptions,
  readers: readonly Reader[],
  before?: readonly Reader[],
) {
  const { name, length, minSource } = options;
  const members = membersOf(histories, options, readers);
  const learnt = before && membersOf(histories, options, before);
  const latestOf = (members: readonly Member[]) => members.map(({ latest }) => latest);
  const vocabulary = byFrequency(latestOf(learnt ?? members), latestOf(members), histories.items.length);
  const modelId = new Int32Array(histories.items.length);
  vocabulary.forEach((code, rank) => {
    modelId[code] = rank + 1;
  });
  const sourceOf = (members: readonly Member[]): Source => ({
    name,
    items: vocabulary.map((code) => histories.items[code]),
    users: members.map(({ reader }) => histories.users[reader.user]),
    sequences: members.map(({ latest }) => latest.map((code) => modelId[code])),
    preceding: members.map(({ earlier }) => earlier.map((code) => modelId[code]).filter((id) => id > 0)),
    length,
  });
  const without = new Set(readers.map(({ user }) => user));
  for (const { reader } of members) without.delete(reader.user);
  return {
    source: { ...sourceOf(members), ...(learnt && { before: sourceOf(learnt) }) } as Source,
    /** Per source user. */
    readers: members.map(({ reader }) => reader),
    dropped: counted({ what: 'users', why: `fewer than ${minSource} source items`, count: without.size }),
  };
}

export type SourceMembers = Readonly<ReturnType<typeof buildSource>>;

/** A reader with the codes of their latest source items, and of those before them. */
type Member = { readonly reader: Reader; readonly latest: Int32Array; readonly earlier: Int32Array };

function membersOf(
  histories: Histories,
  { length, minSource, isSource }: SourceOptions,
  readers: readonly Reader[],
): Member[] {
  return readers.flatMap((reader) => {
    const read = historyOf(histories, reader.user).subarray(0, reader.upTo);
    const codes = read.filter((item) => isSource[item] === 1);
    if (codes.length < minSource) return [];
    return [{ reader, latest: codes.subarray(-length), earlier: codes.subarray(0, -length) }];
  });
}

/** The codes that occur in `all`, most frequent in `countedIn` first; equal ones keep the order of the codes. */
function byFrequency(countedIn: readonly Int32Array[], all: readonly Int32Array[], codeCount: number) {
  const counts = new Int32Array(codeCount);
  for (const sequence of countedIn) for (const code of sequence) counts[code]++;
  const occurs = new Uint8Array(codeCount);
  for (const sequence of [...countedIn, ...all]) for (const code of sequence) occurs[code] = 1;
  return [...counts.keys()].filter((code) => occurs[code]).sort((a, b) => counts[b] - counts[a] || a - b);
}
