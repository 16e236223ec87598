import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { historyOf } from '../../../lib/datasets/loading/histories';
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
} from '../../../lib/datasets/synthetic/synthetic';
import { writeWorld } from '../../../lib/datasets/synthetic/syntheticFiles';
import { requireNoLeak } from '../../../lib/datasets/tasks/leakage';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { folderWith } from '../folders';

const structured: World = { kind: 'structured', users: 3000, items: 500, length: 20, seed: 1 };
const nothing: World = { ...structured, kind: 'null' };
const small = { ...structured, users: 60 };

/** The histories of all users of a world: item codes, oldest first. */
function histories(world: World): Int32Array[] {
  const vocabulary = vocabularyOf(world);
  return Array.from({ length: world.users }, (_, user) => {
    const rows = new Int32Array(longestHistory(world));
    return rows.slice(0, writeHistory(world, vocabulary, user, rows));
  });
}

const vocabulary = vocabularyOf(structured);
const domain = (code: number) => domainOf(vocabulary.ends, code);
const codesIn = (history: Int32Array, d: number) => history.filter((code) => domain(code) === d);
const worlds = { structured: histories(structured), null: histories(nothing) };
const share = (values: readonly boolean[]) => values.filter(Boolean).length / values.length;

const FILES = ['dataset.json', 'synthetic.inter', 'synthetic.item', 'synthetic.user'];

/** A world on disk, its files as text. */
function written(world: World): { folder: string; files: string[]; count: number } {
  const folder = path.join(folderWith({}), 'world');
  const count = writeWorld(world, folder);
  return { folder, count, files: FILES.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')) };
}

test('the same world has the same bytes, another seed has others', () => {
  const first = written(small).files;
  assert.deepEqual(written(small).files, first);
  const other = written({ ...small, seed: 2 }).files;
  assert.deepEqual(
    other.map((text, i) => text === first[i]),
    [false, false, true, false],
  );
});

test('a user is the same in a smaller world', () => {
  const few = histories({ ...structured, users: 5 });
  assert.deepEqual(few, worlds.structured.slice(0, 5));
});

test('a world on disk is a data set of five tasks without a leak', () => {
  for (const kind of ['structured', 'null'] as const) {
    const { folder, count } = written({ ...small, kind });
    const dataset = loadDataset(folder);
    assert.equal(dataset.histories.itemAt.length, count);
    const tasks = buildTasks(dataset);
    assert.deepEqual(
      tasks.map(({ name, instances }) => [name, instances.length]),
      [
        ['ColdRec-1', 60 * 3],
        ['ColdRec-2', 60 * 5],
        ['GenEst', 60],
        ['AgeEst', 60],
        ['LifeEst', 60],
      ],
    );
    for (const task of tasks) requireNoLeak(task, 1);
  }
});

test('the files hold the histories in time order', () => {
  const { histories } = loadDataset(written(small).folder);
  const own = historyOf(histories, histories.users.indexOf('u7'));
  assert.deepEqual(
    Array.from(own, (code) => histories.items[code]),
    Array.from(worlds.structured[7], (code) => `i${code}`),
  );
});

test('a folder that holds something is refused and left alone', () => {
  const folder = folderWith({ 'mine.txt': 'mine' });
  assert.throws(() => writeWorld(small, folder), {
    name: 'UserError',
    message: `${folder}: expected a new or empty folder, found files in it`,
  });
  assert.deepEqual(fs.readdirSync(folder), ['mine.txt']);
});

test('a history has from half to one and a half times the mean length, and the targets', () => {
  for (const histories of Object.values(worlds)) {
    const lengths = histories.map((history) => codesIn(history, 0).length);
    assert.deepEqual([Math.min(...lengths), Math.max(...lengths)], [10, 30]);
    for (const history of histories) {
      for (const [d, { perUser }] of TARGETS.entries())
        assert.equal(new Set(codesIn(history, d + 1)).size, perUser);
    }
  }
});

test('both worlds have the same sources', () => {
  for (let user = 0; user < 100; user++) {
    assert.deepEqual(codesIn(worlds.null[user], 0), codesIn(worlds.structured[user], 0));
  }
});

test('popularity is about Zipf: ten times the rank, a tenth of the interactions', () => {
  const counts = new Float64Array(500);
  for (const history of worlds.structured) for (const code of codesIn(history, 0)) counts[code]++;
  const sorted = counts.sort().reverse();
  const mean = (from: number, to: number) =>
    sorted.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
  const ratio = mean(0, 24) / mean(228, 252); // ranks 0 and 1 of each interest against ranks 19 and 20
  assert.ok(ratio > 7 && ratio < 14, String(ratio)); // 1.5 / 2 against 1 / 20.5: 15, flattened by the series
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
        return Array.from(codesIn(history, 1), (code) => interestOf(vocabulary, code) === first);
      }),
    );
  assert.ok(Math.abs(ofFirst(structured) - (0.65 + 0.35 / INTERESTS)) < 0.04, String(ofFirst(structured)));
  assert.ok(Math.abs(ofFirst(nothing) - 1 / INTERESTS) < 0.01, String(ofFirst(nothing)));
});

test('in the null world no two targets of a user go together', () => {
  const together = (kind: World['kind']) =>
    share(
      worlds[kind].map((history) => {
        const [one, two] = Array.from(codesIn(history, 2), (code) => interestOf(vocabulary, code));
        return one === two;
      }),
    );
  assert.ok(together('structured') > 0.4, String(together('structured'))); // 0.65² + 0.25² + …: about a half
  assert.ok(Math.abs(together('null') - 1 / INTERESTS) < 0.02, String(together('null')));
});

test('both worlds have the same shares of targets', () => {
  const shares = (kind: World['kind']) => {
    const counts = new Float64Array(TARGETS[0].fewest);
    for (const history of worlds[kind]) for (const code of codesIn(history, 1)) counts[code - 500]++;
    return counts.map((count) => count / (3 * structured.users));
  };
  const [a, b] = [shares('structured'), shares('null')];
  // Two samples of 9,000: a share of 0.027 differs by at most 5 standard deviations of 0.0024.
  a.forEach((value, code) => {
    assert.ok(Math.abs(value - b[code]) < 0.012, `${value} and ${b[code]}`);
  });
});

test('labels are those of the first interest in the structured world, and of none in the null world', () => {
  for (const label of ['gender', 'life'] as const) {
    const gain = (world: World) => {
      const profiles = Array.from({ length: world.users }, (_, user) => profileOf(world, user));
      const majority = (own: typeof profiles) => {
        const counts = new Map<string, number>();
        for (const profile of own) counts.set(profile[label], (counts.get(profile[label]) ?? 0) + 1);
        return Math.max(...counts.values());
      };
      const byInterest = Array.from({ length: INTERESTS }, (_, z) =>
        profiles.filter(({ first }) => first === z),
      );
      const knowing = byInterest.reduce((sum, own) => sum + majority(own), 0);
      return (knowing - majority(profiles)) / world.users;
    };
    assert.ok(gain(structured) > 0.3, `${label} ${gain(structured)}`);
    assert.ok(gain(nothing) < 0.03, `${label} ${gain(nothing)}`);
  }
});

test('both worlds have the same shares of labels', () => {
  for (const label of ['gender', 'life'] as const) {
    for (const value of label === 'gender' ? ['F', 'M'] : ['a', 'b', 'c', 'd', 'e', 'f']) {
      const [a, b] = [structured, nothing].map((world) =>
        share(Array.from({ length: world.users }, (_, user) => profileOf(world, user)[label] === value)),
      );
      assert.ok(Math.abs(a - b) < 0.05, `${label} ${value}: ${a} and ${b}`);
    }
  }
});
