import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../lib/cli/commands';
import { helpText, requireNoneTakenByNpm } from '../../lib/cli/options';
import { folderWith } from '../data/folders';
import { main, read, requireRefused } from './command';

const FOLDER = folderWith({ 'dataset.json': '{}', 'x.zip': 'PK', 'model.ckpt.index': '' });
const FILE = path.join(FOLDER, 'dataset.json');
const OUT = path.join(FOLDER, 'new');
const PREFIX = path.join(FOLDER, 'model.ckpt');

const GIVEN = ['--data', FOLDER, '--seeds', '3', '--preset=quick', '--device', 'cpu', '--out', OUT];
const DEFAULTS = { data: 'movielens-100k', preset: 'default', device: 'auto', precision: 'float32' };
const READ: readonly (readonly [command: string, args: readonly string[], expected: object])[] = [
  ['reproduce', [], DEFAULTS],
  ['reproduce', GIVEN, { ...DEFAULTS, data: FOLDER, seeds: 3, preset: 'quick', device: 'cpu', out: OUT }],
  ['data', [FOLDER, '--json'], { data: FOLDER, json: true }],
  // The folder of a run that is only read need not be writable.
  ['trace', [FILE, '--out', '/proc/self'], { file: FILE, out: '/proc/self' }],
  [
    'export', // the prefix of a TensorFlow checkpoint
    ['--checkpoint', PREFIX, '--out', OUT],
    { checkpoint: PREFIX, out: OUT, device: 'auto' },
  ],
];

test('options are read as what they mean; those not given have their defaults or are absent', async () => {
  for (const [command, args, expected] of READ) assert.deepEqual(await read(command, ...args), expected);
});

test('a mistake is refused with the option, its value and what was expected', () =>
  requireRefused([
    ['reproduce', ['--foo'], /^unknown option '--foo': expected --rq, --data/],
    ['reproduce', ['quick'], /^unexpected argument 'quick': expected --rq/],
    ['reproduce', ['--preset', 'nope'], /^--preset nope: expected quick, default, wide, paper$/],
    ['reproduce', ['--rq', 'rq99'], /^--rq rq99: expected /],
    ['reproduce', ['--seeds', '-1'], /^--seeds -1: expected a whole number from 1/],
    ['reproduce', ['--seeds', '1.5'], /^--seeds 1\.5: expected a whole number/],
    ['reproduce', ['-s', '2'], /^unknown option '-s'/],
    ['reproduce', ['--constructor=1'], /^unknown option '--constructor'/],
    ['reproduce', ['--seeds', '--preset', 'quick'], /^--seeds has no value: expected how many seeds/],
    ['reproduce', ['--data='], /^--data has no value/],
    ['reproduce', ['--seeds', '2', '--seeds', '3'], /^--seeds is given twice/],
    ['data', ['a', '--data', 'b'], /^--data is given twice/],
    ['data', ['a', 'b'], /^unexpected argument 'b'/],
    ['data', ['--json=yes'], /^--json=yes: expected no value$/],
    ['reproduce', ['--data', '/nowhere'], /^--data \/nowhere: expected a data set .*movielens-100k/],
    ['reproduce', ['--out', `${FILE}/x`], /^--out .*: expected a folder that can be written/],
    ['trace', [FILE, '--out', FILE], /^--out .*: expected a folder$/],
    ['start', ['--port', '0'], /^--port 0: expected a whole number from 1 to 65535$/],
    ['synthesize', ['--out', FOLDER], /^--out .*: expected a new or empty folder/],
  ]));

test('an option that npm kept for itself is noticed, but for those of npx and node-gyp', () => {
  const environment = { npm_config_preset: 'quick' };
  assert.throws(() => requireNoneTakenByNpm(commands.reproduce, environment), /--preset was taken by npm/);
  requireNoneTakenByNpm(commands.reproduce, { npm_config_yes: 'true' });
  requireNoneTakenByNpm(commands.sweep, { npm_config_jobs: '4' });
});

test('help names every option of a command, and its subcommands', () => {
  for (const [name, command] of Object.entries(commands)) {
    const help = helpText(name, command);
    for (const option of Object.keys(command.options)) assert.match(help, new RegExp(`--${option}\\b`));
  }
  assert.match(main('data', '--help').stdout, /npm run data -- init --help\n/);
});

test('a mistake ends the command with one line and exit code 2, before anything is set up', () => {
  const { status, stdout, stderr } = main('data', 'init', path.join(FOLDER, 'x.zip'));
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^data: --path \S+\/x\.zip: [^\n]*an archive[^\n]*\n$/);
});
