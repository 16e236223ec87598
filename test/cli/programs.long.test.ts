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

const init = (place: string) => runScript('data/init', { path: place });
/** Lines but for those that tell what is being done. */
const linesOf = (stdout: string) => stdout.split('\n').filter((line) => !line.endsWith(' …'));

/** A log of 20 users who each listen to 12 of 40 songs. */
const LOG = [
  'user,song',
  ...Array.from({ length: 240 }, (_, n) => `u${n % 20},s${(7 * n) % 40}${n % 3}`),
  '',
].join('\n');

test('init writes a card beside the file, says why, and then keeps it', () => {
  const folder = folderWith({ 'log.csv': LOG });
  const card = path.join(folder, 'dataset.json');
  const { stdout, stderr } = init(path.join(folder, 'log.csv'));
  assert.equal(stderr, '');
  assert.match(stdout, /^user: user +by its name, 20 values$/m);
  assert.match(stdout, /^time: null +no column of times/m);
  assert.ok(stdout.endsWith(`${card} is written\nnext: npm run data -- ${folder}\n`));
  const before = fs.readFileSync(card, 'utf8');
  assert.deepEqual(linesOf(init(folder).stdout), [`${card} was there and works: it was kept as it is`, '']);
  assert.equal(fs.readFileSync(card, 'utf8'), before);
});

test('init ends with exit code 1 and one line where a file is damaged, and writes nothing', () => {
  const folder = folderWith({ 'log.csv': `${LOG}u1\n` });
  const { status, stdout, stderr } = init(folder);
  assert.deepEqual([status, linesOf(stdout)], [1, ['']]);
  assert.match(stderr, /^\S+\/log\.csv, line 242, column song: .*\n$/);
  assert.equal(fs.existsSync(path.join(folder, 'dataset.json')), false);
});

test('synthesize writes a data set that the data command describes', () => {
  const out = path.join(folderWith({}), 'world');
  const world = { world: 'null', users: 40, items: 100, length: 10, seed: 3, out };
  const { stdout } = runScript('data/synthesize', world);
  assert.match(stdout, /: [\d,]+ interactions\n$/);
  assert.equal(fs.readdirSync(out).length, 4);
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
  const { status, stdout, stderr } = runScript('tune', { data, trials: 1, seeds: 1, device: 'auto', out });
  assert.match(stderr, /x\.zip\.tuned\.json could not be written: its name is too long.*\n$/);
  assert.deepEqual([status, stdout], [1, '']);
  assert.deepEqual(fs.readdirSync(out), []);
});

test('a precision that this machine does not train in is refused at once, but its plan is told', () => {
  const data = folderWith({});
  writeTinyDataset(data);
  const run = (program: string, more: object) => {
    const out = folderWith({});
    const asked = { data, preset: 'quick', seeds: 1, rq: ['rq1'], device: 'auto', precision: 'bf16', out };
    const { status, stderr } = runScript(program, { ...asked, ...more }, { PETERREC_BF16: 'none' });
    const refusals = stderr.split('\n').filter((line) => line.startsWith('precision bf16: '));
    return { status, refusals, made: fs.existsSync(path.join(out, 'notebooks')) };
  };
  const { status, refusals, made } = run('reproduce/reproduce', {});
  assert.deepEqual([status, refusals.length, made], [1, 1, false]);
  assert.match(refusals[0], /expected float32, or a processor with AMX or, of AMD, with avx512_bf16$/);
  assert.deepEqual(run('sweep/sweep', { on: 'local', plan: true }), { status: 0, refusals: [], made: false });
});

test('the paper’s budgets are forecast, and not begun without --yes', () => {
  const data = folderWith({});
  writeTinyDataset(data);
  const asked = { data, preset: 'paper', seeds: 1, rq: ['rq1'], device: 'auto', precision: 'float32' };
  const { status, stdout } = runScript('reproduce/reproduce', { ...asked, out: folderWith({}) });
  assert.equal(status, 1);
  assert.match(stdout, /^To train: .*\nAt most about .* core hours\.$/m);
  assert.match(stdout, / 1 at a time: /);
  assert.match(stdout, /^Nothing was begun: add --yes to begin\.$/m);
});
