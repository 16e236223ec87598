/** Programs that make or read data, and what they refuse before anything is begun. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeWorld } from '../../lib/data/synthetic/syntheticFiles';
import { folderWith } from '../data/folders';
import { zipped } from '../data/reading/zipped';
import { runScript } from '../model/exchange/command';
import { writeTinyDataset } from '../notebooks/tinyDataset';

/** 20 users who each listen to 12 of 40 songs. */
const LISTENED = Array.from({ length: 240 }, (_, n) => `u${n % 20},s${(7 * n) % 40}${n % 3}\n`);
const LOG = `user,song\n${LISTENED.join('')}`;

test('init writes a card and says why; of a damaged file it says where in one line, and writes nothing', () => {
  const folder = folderWith({ 'log.csv': LOG });
  const { stdout, stderr } = runScript('data/init', { path: path.join(folder, 'log.csv') });
  assert.equal(stderr, '');
  assert.match(stdout, /^user: user +by its name, 20 values$/m);
  assert.ok(stdout.endsWith(`/dataset.json is written\nnext: npm run data -- ${folder}\n`));
  const damaged = folderWith({ 'log.csv': `${LOG}u1\n` });
  const refused = runScript('data/init', { path: damaged });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^\S+\/log\.csv, line 242, column song: .*\n$/);
  assert.deepEqual(fs.readdirSync(damaged), ['log.csv']);
});

test('synthesize writes a data set that the data command describes', () => {
  const out = path.join(folderWith({}), 'world');
  const world = { world: 'null', users: 40, items: 100, length: 10, seed: 3, out };
  const { stdout } = runScript('data/synthesize', world);
  const described = JSON.parse(runScript('data/describe', { data: out, json: true }).stdout);
  assert.equal(described.name, 'null-40x100x10-s3');
  assert.equal(described.interactions, Number(/: ([\d,]+) /.exec(stdout)?.[1].replaceAll(',', '')));
});

test('tune says before it trains that what it chooses cannot be kept', () => {
  const [world, out] = [folderWith({}), folderWith({})];
  writeWorld({ kind: 'structured', users: 60, items: 100, length: 8, seed: 1 }, world);
  const files = fs.readdirSync(world).map((name) => [name, fs.readFileSync(path.join(world, name))]);
  const name = `${'x'.repeat(246)}.zip`; // what is kept beside it has a longer name than a disk takes
  const data = path.join(folderWith({ [name]: zipped('world', Object.fromEntries(files)) }), name);
  const { status, stdout, stderr } = runScript('tune/tune', {
    data,
    trials: 1,
    seeds: 1,
    device: 'auto',
    out,
  });
  assert.match(stderr, /x\.zip\.tuned\.json could not be written: its name is too long.*\n$/);
  assert.deepEqual([status, stdout], [1, '']);
  assert.deepEqual(fs.readdirSync(out), []);
});

/** Runs a program for RQ1 on a tiny data set; OUT must hold no notebook afterwards. */
function notBegun(program: string, options: object) {
  const [data, out] = [folderWith({}), folderWith({})];
  writeTinyDataset(data);
  const asked = { data, preset: 'quick', seeds: 1, rq: ['rq1'], device: 'auto', precision: 'float32', out };
  const completed = runScript(program, { ...asked, ...options }, { PETERREC_BF16: 'none' });
  assert.ok(!fs.existsSync(path.join(out, 'notebooks')));
  return completed;
}

test('a precision that this machine does not train in is refused at once, but its plan is told', () => {
  const refusal =
    /^precision bf16: .* expected float32, or a processor with AMX or, of AMD, with avx512_bf16$/gm;
  const refused = notBegun('reproduce/reproduce', { precision: 'bf16' });
  assert.deepEqual([refused.status, refused.stderr.match(refusal)?.length], [1, 1]);
  const planned = notBegun('sweep/sweep', { precision: 'bf16', on: 'local', plan: true });
  assert.deepEqual([planned.status, planned.stderr.match(refusal)], [0, null]);
});

test('the paper’s budgets are forecast, and not begun without --yes', () => {
  const { status, stdout } = notBegun('reproduce/reproduce', { preset: 'paper' });
  assert.equal(status, 1);
  assert.match(stdout, /^To train: .*\nAt most about .* core hours; \d+ jobs? at a time /m);
  assert.match(stdout, /^Nothing was begun: add --yes to begin\.$/m);
});
