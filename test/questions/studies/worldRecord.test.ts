import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  keepRecord,
  provenanceOfRecords,
  readRecord,
  recorded,
} from '../../../lib/questions/studies/worldRecord';
import { atDefault, type Design, design, type Judged } from '../../../lib/questions/studies/worlds';
import { worldsTable } from '../../../lib/questions/studies/worldsTable';
import { toMarkdown } from '../../../lib/report/table/formats';
import { inProject } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';
import { sampleClaim } from '../../report/sampleClaim';

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
  const changed: Partial<Design>[] = [
    { preset: { ...design.preset, channels: 16 } },
    { size: { ...design.size, users: 10 } },
    { asks: [questions.slice(1)] },
    { seeds: () => [1, 2] },
  ];
  for (const other of changed) assert.equal(recorded(out, 'null', 3, { ...design, ...other }), undefined);
});

test('a table of worlds leads to their records', () => {
  const out = folderWith({});
  keepRecord(out, found, design);
  const { documents } = provenanceOfRecords({ data: 'known worlds', preset: 'quick', out }, [found]);
  const [[name, checksum]] = Object.entries(documents);
  const kept = JSON.parse(fs.readFileSync(path.join(out, 'results', `${name}.json`), 'utf8'));
  assert.deepEqual([name, checksum], ['../judged/null-3', kept.checksum]);
});

test('a damaged record is set aside', () => {
  const out = folderWith({});
  keepRecord(out, found, design);
  const file = path.join(out, 'judged', 'null-3.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('undecided', 'holds'));
  assert.equal(recorded(out, 'null', 3, design), undefined);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['null-3.json.damaged']);
});

test('the records of the reference set make its table', () => {
  const folder = inProject('figures/reference/worlds');
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  const judged = seeds.flatMap((seed) =>
    (['structured', 'null'] as const).map((world): Judged => {
      const { claims } = readRecord(path.join(folder, 'judged', `${world}-${seed}.json`), atDefault);
      return { world, seed, claims };
    }),
  );
  const kept = fs.readFileSync(path.join(folder, 'worlds.md'), 'utf8');
  assert.ok(kept.startsWith(toMarkdown(worldsTable(judged, atDefault)).trimEnd()));
});
