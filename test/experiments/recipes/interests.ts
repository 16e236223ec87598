/**
 * Made-up tasks with four interests of six source items and six news items each. In the structured ones a user's
 * labels follow his interest, in the others they are those of a stranger.
 */

import { below, permutation, type Random, random } from '../../../lib/base/random';
import type { Source } from '../../../lib/data/tasks/source';
import type { Task } from '../../../lib/data/tasks/tasks';
import { numbered, taskOn } from '../../data/tasks/taskWith';

const USERS = 400;
const INTERESTS = 4;
const EACH = 6;

const users = Array.from({ length: USERS }, (_, user) => user);
const interest = (user: number) => user % INTERESTS;

/** Six to eight items, nine of ten of the user's interest. */
function sequence(user: number, stream: Random): Int32Array {
  return Int32Array.from({ length: 6 + (user % 3) }, () => {
    const own = below(10, stream) > 0 ? interest(user) : below(INTERESTS, stream);
    return 1 + own * EACH + below(EACH, stream);
  });
}

const stream = random(1, 'interests');
export const source: Source = {
  name: 'Interests',
  items: numbered('item', INTERESTS * EACH),
  users: numbered('user', USERS),
  sequences: users.map((user) => sequence(user, stream)),
  preceding: users.map(() => new Int32Array(0)),
  length: 8,
};

const strangers = permutation(USERS, stream);
/** Whose interest decides the labels of a user. */
const model = { structured: (user: number) => user, unstructured: (user: number) => strangers[user] };
export type World = keyof typeof model;

/** Two of the six news items of an interest for each user. */
export function newsOf(world: World): Task {
  const draws = random(2, 'news');
  const known = users.map((user) => {
    const first = interest(model[world](user)) * EACH;
    return permutation(EACH, draws)
      .slice(0, 2)
      .map((item) => first + item);
  });
  return taskOn(
    source,
    { name: 'News', kind: 'recommend', labels: numbered('News', INTERESTS * EACH) },
    known,
  );
}

/** The interest as a class, one in four. */
export const classOf = (world: World): Task =>
  taskOn(
    source,
    { name: 'Class', kind: 'classify', labels: numbered('Class', INTERESTS) },
    users.map((user) => [interest(model[world](user))]),
  );
