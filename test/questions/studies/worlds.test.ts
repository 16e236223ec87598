import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Claim } from '../../../lib/evidence/claims';
import type { Question } from '../../../lib/evidence/questions';
import { called, identityOf } from '../../../lib/experiments/methods/identity';
import { keepRecord, recorded } from '../../../lib/questions/studies/worldRecord';
import {
  areRight,
  atDefault,
  type Design,
  design,
  folderOf,
  type Judged,
  judge,
  wrongClaims,
} from '../../../lib/questions/studies/worlds';
import { folderWith } from '../../data/folders';
import { sampleClaim } from '../../report/sampleClaim';

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
  assert.equal(
    verdict('structured', { ...ofRq1, first: called(ofRq1.first, 'ours') }, 'does not hold'),
    true,
  );
  assert.equal(verdict('structured', ofRq2, 'does not hold'), false);
  assert.deepEqual(
    [ofRq1, ofRq2].map((question) => verdict('null', question, 'holds')),
    [true, true],
  );
  const [right, wrong] = [judged('null', 'undecided'), judged('null', 'holds')];
  assert.ok(areRight([...repeated(17, right), ...repeated(3, wrong)], atDefault));
  assert.ok(!areRight([...repeated(16, right), ...repeated(4, wrong)], atDefault));
});

test('the questions are those of RQ1 and RQ3 whose answer is known by construction', () => {
  assert.deepEqual(
    design.asks.flat().map(({ kind, first, second }) => `${kind}: ${first.label} > ${second.label}`),
    [
      'superiority: FineAll > FineZero',
      'superiority: PeterRec > PeterZero (frozen trunk)',
      'superiority: PeterRec > PeterZero (everything)',
      'superiority: PeterRec > LabelCS',
      'superiority: PeterRec > Popularity',
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
    pretraining: { ...preset.pretraining, causal: { ...preset.pretraining.causal, ...few } },
    recommend: { ...preset.recommend, ...few },
    classify: { ...preset.classify, ...few },
  },
};

test('a world is made, run and asked, and the next time read', async () => {
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
  keepRecord(out, first, tiny);
  const kept = recorded(out, 'null', 7, tiny);
  const told = ({ claims }: Judged) =>
    claims.map(({ question, ...claim }) => [identityOf(question.first), identityOf(question.second), claim]);
  assert.deepEqual(kept && told(kept), told(first));
});
