import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { better } from '../../lib/evidence/questions';
import { causal } from '../../lib/methods/family';
import { keepRecord, provenanceOfRecords, recorded } from '../../lib/studies/worldRecord';
import { type Design, design, type Judged } from '../../lib/studies/worlds';
import { folderWith } from '../datasets/folders';
import { sampleClaim } from '../report/sampleClaim';

const questions = design.asks.flat();
const found: Judged = {
  world: 'null',
  seed: 3,
  claims: [
    sampleClaim({ question: questions[1], verdict: 'undecided' }),
    sampleClaim({
      question: questions[0],
      byT: { p: Number.NaN, low: Number.NaN, high: Number.NaN },
      relative: { margin: 0.02, verdict: 'holds' },
    }),
  ],
};

test('a world is read as it was judged, its questions those of the design', () => {
  const out = folderWith({});
  assert.equal(recorded(out, 'null', 3, design), undefined);
  keepRecord(out, found, design);
  const read = recorded(out, 'null', 3, design);
  assert.deepEqual(read, found);
  assert.ok(read?.claims.every(({ question }) => questions.includes(question)));
  assert.equal(recorded(out, 'structured', 3, design), undefined);
});

test('what another design has judged is judged again', () => {
  const out = folderWith({});
  keepRecord(out, found, design);
  const changed: Design[] = [
    { ...design, preset: { ...design.preset, channels: 16 } },
    { ...design, size: { ...design.size, users: 10 } },
    { ...design, asks: [questions.slice(1)] },
    { ...design, seeds: () => [1, 2] },
  ];
  for (const other of changed) assert.equal(recorded(out, 'null', 3, other), undefined);
});

test('a table of worlds leads to their records', () => {
  const out = folderWith({});
  keepRecord(out, found, design);
  const { documents } = provenanceOfRecords({ data: 'known worlds', preset: 'quick', out }, [found]);
  const [[name, checksum]] = Object.entries(documents);
  const kept = JSON.parse(fs.readFileSync(path.join(out, 'results', `${name}.json`), 'utf8'));
  assert.deepEqual([name, checksum], ['../judged/null-3', kept.checksum]);
});

test('a claim that the design does not ask is not kept', () => {
  const strange = { ...found, claims: [sampleClaim({ question: better(causal.FineZero, causal.FineAll) })] };
  const out = folderWith({});
  assert.throws(() => keepRecord(out, strange, design), /not asked/);
});

test('a damaged record is set aside', () => {
  const out = folderWith({});
  keepRecord(out, found, design);
  const file = path.join(out, 'judged', 'null-3.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('undecided', 'holds'));
  assert.equal(recorded(out, 'null', 3, design), undefined);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['null-3.json.damaged']);
});
