import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { historyOf } from '../../../lib/data/loading/histories';
import {
  domainOf,
  INTERESTS,
  interestOf,
  longestHistory,
  profileOf,
  successor,
  TARGETS,
  vocabularyOf,
  type World,
  writeHistory,
} from '../../../lib/data/synthetic/synthetic';
import { writeWorld } from '../../../lib/data/synthetic/syntheticFiles';
import { requireNoLeak } from '../../../lib/data/tasks/leakage';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';

const structured: World = { kind: 'structured', users: 3000, items: 500, length: 20, seed: 1 };
const nothing: World = { ...structured, kind: 'null' };
const small = { ...structured, users: 60 };
const vocabulary = vocabularyOf(structured);

/** The histories of all users of a world: item codes, oldest first. */
function histories(world: World): Int32Array[] {
  return Array.from({ length: world.users }, (_, user) => {
    const rows = new Int32Array(longestHistory(world));
    return rows.slice(0, writeHistory(world, vocabulary, user, rows));
  });
}

test('users without labels have the histories of source items that they would have beside labels, and are in no task', () => {
  const few = { ...small, labelled: 25 };
  const [whole, cut] = [small, few].map(histories);
  const sourceOf = (history: Int32Array) => codesIn(history, 0);
  for (const [user, history] of cut.entries()) {
    assert.deepEqual(sourceOf(history), sourceOf(whole[user]));
    assert.equal(history.length, user < 25 ? whole[user].length : sourceOf(history).length);
  }
  const dataset = loadDataset(written(few).folder);
  for (const { name, source, instances } of buildTasks(dataset)) {
    assert.equal(source.users.length, 60, name);
    assert.equal(new Set(instances.map(({ user }) => user)).size, 25, name);
  }
});

const codesIn = (history: Int32Array, d: number) =>
  history.filter((code) => domainOf(vocabulary.ends, code) === d);
const worlds = { structured: histories(structured), null: histories(nothing) };
const profiles = (world: World) => Array.from({ length: world.users }, (_, user) => profileOf(world, user));
const share = (values: readonly boolean[]) => values.filter(Boolean).length / values.length;
const near = (value: number, expected: number, within: number) =>
  assert.ok(Math.abs(value - expected) < within, `${value}, expected ${expected}`);

const FILES = ['dataset.json', 'synthetic.inter', 'synthetic.item', 'synthetic.user'];

/** A world on disk, its files as text. */
function written(world: World): { folder: string; files: string[]; count: number } {
  const folder = path.join(folderWith({}), 'world');
  const count = writeWorld(world, folder);
  return { folder, count, files: FILES.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')) };
}

test('the same world has the same bytes, another seed has others, and a user is the same in a smaller world', () => {
  const first = written(small).files;
  assert.deepEqual(written(small).files, first);
  const other = written({ ...small, seed: 2 }).files;
  const same = other.map((text, i) => text === first[i]);
  assert.deepEqual(same, [false, false, true, false]);
  assert.deepEqual(histories({ ...structured, users: 5 }), worlds.structured.slice(0, 5));
});

for (const kind of ['structured', 'null'] as const) {
  test(`a ${kind} world on disk is a data set of five tasks without a leak, its histories in time order`, () => {
    const { folder, count } = written({ ...small, kind });
    const dataset = loadDataset(folder);
    assert.equal(dataset.histories.itemAt.length, count);
    const tasks = buildTasks(dataset);
    assert.equal(
      tasks.map(({ name, instances }) => `${name} ${instances.length}`).join(', '),
      'ColdRec-1 180, ColdRec-2 300, GenEst 60, AgeEst 60, LifeEst 60',
    );
    for (const task of tasks) requireNoLeak(task, 1);
    const { users, items } = dataset.histories;
    const own = historyOf(dataset.histories, users.indexOf('u7'));
    assert.deepEqual(
      Array.from(own, (code) => items[code]),
      Array.from(worlds[kind][7], (code) => `i${code}`),
    );
  });
}

test('a folder with files is refused and left alone', () => {
  const folder = folderWith({ 'mine.txt': 'mine' });
  assert.throws(() => writeWorld(small, folder), {
    name: 'UserError',
    message: /expected a new or empty folder/,
  });
  assert.deepEqual(fs.readdirSync(folder), ['mine.txt']);
});

test('a history has from half to one and a half times the mean length, and the targets; both worlds have the same sources', () => {
  for (const histories of Object.values(worlds)) {
    const lengths = histories.map((history) => codesIn(history, 0).length);
    assert.deepEqual([Math.min(...lengths), Math.max(...lengths)], [10, 30]);
    for (const history of histories)
      for (const [d, { perUser }] of TARGETS.entries())
        assert.equal(new Set(codesIn(history, d + 1)).size, perUser);
  }
  for (let user = 0; user < 100; user++)
    assert.deepEqual(codesIn(worlds.null[user], 0), codesIn(worlds.structured[user], 0));
});

test('popularity is about Zipf: ten times the rank, a tenth of the interactions', () => {
  const counts = new Float64Array(500);
  for (const history of worlds.structured) for (const code of codesIn(history, 0)) counts[code]++;
  const sorted = counts.sort().reverse();
  const sum = (from: number, to: number) => sorted.slice(from, to).reduce((total, count) => total + count, 0);
  const ratio = sum(0, 24) / sum(228, 252); // ranks 0 and 1 of each interest against ranks 19 and 20
  near(ratio, 10.5, 3.5); // 1.5 / 2 against 1 / 20.5: 15, flattened by the series
});

test('the next item of a series follows more often than chance, in that order only', () => {
  const pairs = worlds.structured.flatMap((history) => {
    const source = codesIn(history, 0);
    return Array.from(source.subarray(1), (next, i) => [source[i], next]);
  });
  const forward = share(pairs.map(([item, next]) => next === successor(item, 500)));
  const backward = share(pairs.map(([item, next]) => item === successor(next, 500)));
  assert.ok(forward > 0.45, String(forward)); // stays 0.8 + 0.2 · 0.46, and follows 0.6 of these: 0.53
  assert.ok(backward < 0.1, String(backward));
});

test('a series is followed from its last item to its first, also where the items end within it', () => {
  const next = (rank: number, items: number) => successor(rank * INTERESTS + 3, items);
  assert.equal(next(6, 500), 7 * INTERESTS + 3);
  assert.equal(next(9, 500), 5 * INTERESTS + 3);
  assert.equal(next(6, 7 * INTERESTS), 5 * INTERESTS + 3);
});

test('targets are of the first interest of a user in the structured world, and of any in the null world', () => {
  const ofFirst = (world: World) =>
    share(
      worlds[world.kind].flatMap((history, user) => {
        const { first } = profileOf(world, user);
        return Array.from(codesIn(history, 1), (code) => interestOf(vocabulary.ends, code) === first);
      }),
    );
  near(ofFirst(structured), 0.65 + 0.35 / INTERESTS, 0.04);
  near(ofFirst(nothing), 1 / INTERESTS, 0.01);
});

test('in the null world no two targets of a user go together', () => {
  const together = (kind: World['kind']) =>
    share(
      worlds[kind].map((history) => {
        const [one, two] = Array.from(codesIn(history, 2), (code) => interestOf(vocabulary.ends, code));
        return one === two;
      }),
    );
  assert.ok(together('structured') > 0.4, String(together('structured'))); // 0.65² + 0.25² + …: about a half
  near(together('null'), 1 / INTERESTS, 0.02);
});

test('both worlds have the same shares of targets and of labels', () => {
  const shares = (kind: World['kind']) => {
    const counts = new Float64Array(TARGETS[0].fewest);
    for (const history of worlds[kind]) for (const code of codesIn(history, 1)) counts[code - 500]++;
    return counts.map((count) => count / (3 * structured.users));
  };
  const other = shares('null');
  // Two samples of 9,000: a share of 0.027 differs by at most 5 standard deviations of 0.0024.
  for (const [code, value] of shares('structured').entries()) near(value, other[code], 0.012);
  for (const [label, values] of [
    ['gender', 'FM'],
    ['life', 'abcdef'],
  ] as const) {
    for (const value of values) {
      const [a, b] = [structured, nothing].map((world) =>
        share(profiles(world).map((own) => own[label] === value)),
      );
      near(a, b, 0.05);
    }
  }
});

test('labels are those of the first interest in the structured world, and of none in the null world', () => {
  for (const label of ['gender', 'life'] as const) {
    const gain = (world: World) => {
      const all = profiles(world);
      const majority = (own: typeof all) => {
        const counts = new Map<string, number>();
        for (const profile of own) counts.set(profile[label], (counts.get(profile[label]) ?? 0) + 1);
        return Math.max(...counts.values());
      };
      const byInterest = Array.from({ length: INTERESTS }, (_, z) => all.filter(({ first }) => first === z));
      const knowing = byInterest.reduce((sum, own) => sum + majority(own), 0);
      return (knowing - majority(all)) / world.users;
    };
    assert.ok(gain(structured) > 0.3, `${label} ${gain(structured)}`);
    assert.ok(gain(nothing) < 0.03, `${label} ${gain(nothing)}`);
  }
});
