import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Description, TaskDescription } from '../../lib/data/describe/describe';
import { answer, baselinesTable, droppedTable, precisionOf } from '../../lib/questions/data/data';
import { lengthFigures, popularityFigures } from '../../lib/questions/data/figures';
import { toMarkdown } from '../../lib/report/table/formats';

const profile: TaskDescription = {
  task: 'GenEst',
  kind: 'classify',
  source: 'ColdRec-2',
  sourceInstances: 400,
  sourceItems: 50,
  users: 400,
  targetInstances: 400,
  testInstances: 100,
  validation: { instances: 200, joined: 180, enough: true },
  labels: 2,
  sequenceLength: { min: 3, median: 5, mean: 5, max: 10 },
  classShares: { F: 0.5, M: 0.5 },
  majority: 0.5,
  popularity: null,
  hindsight: { instances: 0.5, items: 0.25 },
  namesNegatives: false,
  usersShortOfNegatives: 0,
  dropped: [{ what: 'users', why: 'in none of the classes', count: 7 }],
};
const films: TaskDescription = {
  ...profile,
  task: 'ColdRec-1',
  kind: 'recommend',
  testInstances: 10_000,
  classShares: {},
  majority: 0.1,
  popularity: { 'HR@5': 0.2, 'MRR@5': 0.11, 'HR@5/full': 0.15, 'MRR@5/full': 0.08 },
  usersShortOfNegatives: 3,
  dropped: [],
};
const description: Description = {
  name: 'made-up',
  interactions: 12_345,
  users: 400,
  items: 60,
  licence: undefined,
  citation: undefined,
  timeline: null,
  fields: [],
  dropped: [{ what: 'rows of a.inter', why: 'column x: expected a number', count: 2 }],
  tasks: [films, profile],
};

test('a share has the interval of Wilson, one of 0 too', () => {
  // SciPy 1.17.1: scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  const rounded = ({ low, high }: ReturnType<typeof precisionOf>) => [low.toFixed(4), high.toFixed(4)];
  assert.deepEqual(rounded(precisionOf(profile)), ['0.4038', '0.5962']); // 50 of 100
  assert.deepEqual(rounded(precisionOf(films)), ['0.1923', '0.2080']); // 2,000 of 10,000
  const none = { ...profile, majority: 0, testInstances: 6 };
  assert.deepEqual(rounded(precisionOf(none)), ['0.0000', '0.3903']); // 0 of 6
  assert.match(answer({ ...description, tasks: [none] }), / 0 of 1 tasks/);
});

test('the answer says which tasks are measured well enough', () => {
  const words = answer(description);
  assert.match(words, /^\*\*.* on made-up\? One test part measures 1 of 2 tasks to within 5\.0 %\.\*\*/);
  assert.match(
    words,
    /- ColdRec-1: HR@5 .* 20\.0 %, 95 % from 19\.2 % to 20\.8 %, on 10,000 test instances\./,
  );
  assert.match(words, /- GenEst: Acc .* 50\.0 %, 95 % from 40\.4 % to 59\.6 %, on 100 test instances\./);
});

test('the tables hold what popularity reaches and everything that was dropped', () => {
  assert.match(
    toMarkdown(baselinesTable(description)),
    /\| ColdRec-1 \| +400 \| 10,000 \| +2 \| +10\.0% \| 0\.200 \| 0\.110 \| +0\.150 \| +0\.080 \| +3 \|/,
  );
  assert.deepEqual(droppedTable(description).rows, [
    { where: 'made-up', what: 'rows of a.inter', why: 'column x: expected a number', count: 2 },
    { where: 'GenEst', what: 'users', why: 'in none of the classes', count: 7 },
  ]);
  assert.equal(droppedTable({ ...description, dropped: [], tasks: [] }).caption, 'Nothing was dropped.');
});

test('lengths are a histogram that holds every user', () => {
  const shares = { 1: 0.25, 2: 0.25, 50: 0.5 };
  const [{ spec }] = lengthFigures(
    Object.entries(shares).map(([length, share]) => ({ source: 'A', length: Number(length), share })),
  );
  const [{ x, y }] = spec.data;
  assert.deepEqual(x.slice(0, 4), [0.5, 0.5, 2.5, 4.5]); // bins of two lengths
  assert.deepEqual([x.length, x.at(-1), y.at(-1)], [28, 50.5, 0]);
  assert.deepEqual([y[0], y[1], y[2], y[25], y[26]], [0, 0.5, 0, 0.5, 0.5]);
});

test('popularity has both axes logarithmic and its points in the order of ranks', () => {
  const point = (rank: number) => ({ task: 'A', domain: 'source items', rank, count: 100 / rank });
  const [{ spec }] = popularityFigures([point(10), point(1)]);
  const [{ x, y }] = spec.data;
  assert.deepEqual([x, y].flat(), [1, 10, 100, 10]);
  assert.deepEqual([spec.layout.xaxis.type, spec.layout.yaxis.type], ['log', 'log']);
});

test('more than three panels go on in another row; without panels there is no figure', () => {
  const rows = Array.from({ length: 4 }, (_, i) => ({ source: `P${i}`, length: 1, share: 1 }));
  const [{ name, spec }, ...others] = lengthFigures(rows);
  assert.deepEqual([name, spec.data.length, others], ['data-lengths', 4, []]);
  const { xaxis, xaxis4, yaxis, yaxis4 } = spec.layout;
  assert.deepEqual(xaxis4.domain, xaxis.domain);
  assert.ok((yaxis4.domain?.[1] ?? 1) < (yaxis.domain?.[0] ?? 0));
  assert.deepEqual(lengthFigures([]), []);
});
