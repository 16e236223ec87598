import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Claim } from '../../lib/evidence/claims';
import type { Question } from '../../lib/evidence/questions';
import { toMarkdown } from '../../lib/report/table/formats';
import { inProject } from '../../lib/setup/tools/project';
import { folderWith } from '../data/folders';
import { sampleClaim } from '../report/sampleClaim';
import {
  areRight,
  atDefault,
  type Design,
  design,
  folderOf,
  type Judged,
  judge,
  wrongClaims,
} from './worlds';
import { worldLine, worldsTable } from './worldsTable';

const judged = (world: Judged['world'], ...verdicts: Claim['verdict'][]): Judged => ({
  world,
  seed: 1,
  claims: verdicts.map((verdict) => sampleClaim({ verdict })),
});
const repeated = (count: number, one: Judged) => Array.from({ length: count }, () => one);

test('with structure every claim must hold, in the null world none may', () => {
  const verdicts = ['holds', 'undecided', 'does not hold'] as const;
  const wrongIn = (world: Judged['world']) =>
    wrongClaims(judged(world, ...verdicts)).map(({ verdict }) => verdict);
  assert.deepEqual(wrongIn('structured'), ['undecided', 'does not hold']);
  assert.deepEqual(wrongIn('null'), ['holds']);
});

test('one wrong world in twenty is allowed, two are not, for each kind of world', () => {
  const [right, wrong] = [judged('null', 'undecided'), judged('null', 'undecided', 'holds')];
  assert.ok(areRight([...repeated(19, right), wrong]));
  assert.ok(!areRight([...repeated(18, right), wrong, wrong]));
  assert.ok(!areRight([...repeated(40, right), ...repeated(2, judged('structured', 'undecided'))]));
});

test('at the budgets of default an open claim is no mistake, and three wrong worlds in twenty are allowed', () => {
  const verdict = (world: Judged['world'], question: Question, found: Claim['verdict']) =>
    atDefault.isWrong(world, sampleClaim({ question, verdict: found }));
  const [[ofRq1], , [ofRq2]] = atDefault.asks;
  assert.deepEqual(
    (['holds', 'does not hold', 'undecided'] as const).map((found) => verdict('structured', ofRq1, found)),
    [false, true, false],
  );
  assert.equal(verdict('structured', ofRq2, 'does not hold'), false);
  assert.ok(verdict('null', ofRq1, 'holds') && verdict('null', ofRq2, 'holds'));
  const [right, wrong] = [judged('null', 'undecided'), judged('null', 'holds')];
  assert.ok(areRight([...repeated(17, right), ...repeated(3, wrong)], atDefault));
  assert.ok(!areRight([...repeated(16, right), ...repeated(4, wrong)], atDefault));
});

test('the questions are those of RQ1 and RQ3 whose answer is known by construction', () => {
  assert.deepEqual(
    design.asks.flat().map(({ first, second }) => `${first.label} > ${second.label}`),
    [
      ...['FineAll > FineZero', 'PeterRec > PeterZero (frozen trunk)'],
      ...['PeterRec > PeterZero (everything)', 'PeterRec > LabelCS', 'PeterRec > Popularity'],
    ],
  );
});

const few = { steps: 2, evaluations: 1, batch: 16 };
const { preset } = design;
const tiny: Design = {
  ...design,
  size: { users: 60, items: 100, length: 8 },
  tasks: ['AgeEst'],
  preset: {
    ...preset,
    channels: 8,
    dilations: [1],
    pretraining: { ...preset.pretraining, nextItem: { ...preset.pretraining.nextItem, ...few } },
    recommend: { ...preset.recommend, ...few },
    classify: { ...preset.classify, ...few },
  },
};

test('a world is made, run and asked, and the next time its documents are read', async () => {
  const out = folderWith({});
  const world = folderOf(out, { kind: 'null', seed: 7, ...tiny.size });
  fs.rmSync(path.join(world, 'dataset.json'));
  fs.writeFileSync(path.join(world, 'synthetic.inter'), 'cut short');
  const first = await judge(out, 'null', 7, tiny);
  assert.deepEqual([first.world, first.seed, first.claims.length], ['null', 7, 4]);
  assert.ok(first.claims.every(({ seeds }) => seeds === 1));
  const times = () =>
    ['results', 'models', 'worlds'].flatMap((folder) =>
      fs
        .readdirSync(path.join(out, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => fs.statSync(path.join(out, folder, name)).mtimeMs),
    );
  const before = times();
  assert.ok(fs.existsSync(path.join(world, 'dataset.json')));
  assert.deepEqual(await judge(out, 'null', 7, tiny), first);
  assert.deepEqual(times(), before);
});

/** Verdicts of the reference set: each question by its place in the design, null for NaN. */
function readJudged(file: string): Claim[] {
  const { claims } = JSON.parse(fs.readFileSync(file, 'utf8'), (_, value) => value ?? Number.NaN);
  const asked = atDefault.asks.flat();
  return claims.map((claim: { readonly question: number }) => ({
    ...claim,
    question: asked[claim.question],
  }));
}

test('the verdicts of the reference set make its table', () => {
  const folder = inProject('figures/reference/worlds');
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
  const judged = seeds.flatMap((seed) =>
    (['structured', 'null'] as const).map((world): Judged => {
      const claims = readJudged(path.join(folder, 'judged', `${world}-${seed}.json`));
      return { world, seed, claims };
    }),
  );
  const kept = fs.readFileSync(path.join(folder, 'worlds.md'), 'utf8');
  assert.ok(kept.startsWith(toMarkdown(worldsTable(judged, atDefault)).trimEnd()));
});

const found = (
  world: Judged['world'],
  seed: number,
  ...values: [number, Judged['claims'][0]['verdict']][]
) => ({
  world,
  seed,
  claims: values.map(([difference, verdict], i) =>
    sampleClaim({ task: ['GenEst', 'AgeEst'][i], difference, verdict }),
  ),
});

test('a world is one line, and says where it is wrong', () => {
  assert.equal(
    worldLine(found('null', 3, [-0.1, 'does not hold'], [0, 'undecided'])),
    'null world, seed 3: right; of 2 claims 0 hold, 1 do not hold, 0 had nothing learnt, 1 are undecided',
  );
  assert.match(
    worldLine(found('structured', 3, [0.1, 'holds'], [0, 'undecided'])),
    /^structured world, seed 3: WRONG; of 2 claims 1 hold.*\n {2}FineAll > FineZero on AgeEst: undecided$/,
  );
});

test('the table counts worlds, and says for how many seeds each kind is right throughout', () => {
  const table = worldsTable([
    found('structured', 1, [0.2, 'holds'], [0.1, 'holds']),
    found('structured', 2, [0.4, 'holds'], [0.1, 'undecided']),
    found('null', 1, [0, 'undecided'], [-0.3, 'does not hold']),
  ]);
  const lines = toMarkdown(table).split('\n');
  assert.equal(
    lines[0],
    'Verdicts on made-up worlds. No verdict is wrong in the structured world, for 1 of 2 seeds. ' +
      'No claim holds in the null world, for 1 of 1 seeds; one does not hold in 1.',
  );
  const cells = (line: string) => line.replaceAll(/ *\| */g, '|');
  assert.equal(cells(lines[4]), '|GenEst|FineAll \\> FineZero|2|0|0.300 ± 0.141|0|0|0.000|');
  assert.equal(cells(lines[5]), '|AgeEst|FineAll \\> FineZero|1|0|0.100 ± 0.000|0|1|-0.300|');
});
