import { createHash } from 'node:crypto';
import { permutation, random } from '../../base/random';
import type { Source } from './source';
import type { Task } from './tasks';

const known = new WeakMap<object, readonly number[]>();

/** 0 … n-1 in an order that the content decides; kept for the object that has it. */
function shuffled(of: object, n: number, name: string, content: () => Iterable<string | Uint8Array>) {
  const before = known.get(of);
  if (before) return before;
  const hash = createHash('sha256');
  for (const part of content()) hash.update(part);
  const order = permutation(n, random(0, 'numbers', name, hash.digest('hex')));
  known.set(of, order);
  return order;
}

const bytesOf = (values: Int32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/**
 * Numbers under which a source's users are published, by their index: every run finds the same, and who has not the data cannot
 * lead one back to a user.
 */
export const userNumbers = ({ users, sequences, name }: Source): readonly number[] =>
  shuffled(sequences, users.length, name, function* () {
    yield JSON.stringify(users);
    for (const sequence of sequences) yield bytesOf(sequence);
  });

/** Likewise of a task's instances. */
export const instanceNumbers = ({ instances, source, name }: Task): readonly number[] =>
  shuffled(instances, instances.length, name, () => [
    JSON.stringify(userNumbers(source)),
    bytesOf(Int32Array.from(instances.flatMap(({ user, label }) => [user, label]))),
  ]);
