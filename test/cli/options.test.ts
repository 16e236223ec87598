import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../lib/cli/declarations/commands';
import { helpText, readOptions, requireNoneTakenByNpm } from '../../lib/cli/options/options';
import { shown } from '../../lib/cli/options/shown';
import { sweepCommand } from '../../lib/cli/options/sweepCommand';
import { folderWith } from '../datasets/folders';

const MAIN = path.resolve('lib/cli/main.js');
const DATA_FOLDER = folderWith({ 'dataset.json': '{}' });
const FILE = path.join(DATA_FOLDER, 'dataset.json');

const read = (command: string, ...args: string[]) => readOptions(commands[command], args);

test('options that are not given have their defaults or are absent', async () => {
  const expected = { data: 'movielens-100k', preset: 'default', device: 'auto', precision: 'float32' };
  assert.deepEqual(await read('reproduce'), expected);
});

test('options that are given are read as what they mean', async () => {
  const out = path.join(folderWith({}), 'new');
  const args = ['--data', DATA_FOLDER, '--seeds', '3', '--preset=quick', '--device', 'cpu', '--out', out];
  const given = { data: DATA_FOLDER, seeds: 3, preset: 'quick', device: 'cpu', out };
  assert.deepEqual(await read('reproduce', ...args), { ...given, precision: 'float32' });
});

test('a positional argument stands for the option that the command says', async () => {
  assert.deepEqual(await read('data', DATA_FOLDER, '--json'), { data: DATA_FOLDER, json: true });
});

const MISTAKES: readonly (readonly [string, string[], RegExp])[] = [
  ['reproduce', ['--foo'], /^unknown option '--foo': expected --rq, --data/],
  ['reproduce', ['quick'], /^unexpected argument 'quick': expected --rq/],
  ['reproduce', ['--preset', 'nope'], /^--preset nope: expected quick, default, paper$/],
  ['reproduce', ['--rq', 'rq99'], /^--rq rq99: expected /],
  ['reproduce', ['--seeds', '-1'], /^--seeds -1: expected a whole number from 1/],
  ['reproduce', ['--seeds', '1.5'], /^--seeds 1\.5: expected a whole number/],
  ['reproduce', ['-s', '2'], /^unknown option '-s': expected --rq/],
  ['reproduce', ['--constructor=1'], /^unknown option '--constructor': expected --rq/],
  ['reproduce', ['--seeds'], /^--seeds has no value: expected how many seeds/],
  ['reproduce', ['--seeds', '--preset', 'quick'], /^--seeds has no value: expected how many seeds/],
  ['reproduce', ['--data='], /^--data has no value: expected a data set under data\//],
  ['reproduce', ['--out', ' '], /^--out has no value: expected where to leave everything/],
  ['reproduce', ['--seeds', '2', '--seeds', '3'], /^--seeds is given twice: expected it once$/],
  ['data', ['a', '--data', 'b'], /^--data is given twice: expected it once$/],
  ['data', ['--json=yes'], /^--json=yes: expected no value$/],
  ['reproduce', ['--device', 'tpu'], /^--device tpu: expected auto, cpu, gpu$/],
  [
    'reproduce',
    ['--data', '/nowhere'],
    /^--data \/nowhere: expected a data set under data\/ \(.*movielens-100k/,
  ],
  ['reproduce', ['--out', `${FILE}/x`], /^--out .*: expected a folder that can be written/],
  ['trace', [FILE, '--out', FILE], /^--out .*: expected a folder, found a file$/],
  ['site', ['--run', '/nowhere'], /^--run \/nowhere: no such folder$/],
  ['start', ['--port', '0'], /^--port 0: expected a whole number from 1 to 65535$/],
  ['data', ['a', 'b'], /^unexpected argument 'b'/],
  ['test', ['--fast'], /^unknown option '--fast': expected --all/],
];

for (const [command, args, message] of MISTAKES) {
  test(`${command} ${args.join(' ')} is refused with what was expected`, async () => {
    await assert.rejects(read(command, ...args), { message });
  });
}

test('the folder of a run that is only read need not be writable', async () => {
  assert.deepEqual(await read('trace', FILE, '--out', '/proc/self'), { file: FILE, out: '/proc/self' });
});

test('a port that is in use is refused', async () => {
  const server = net.createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
  });
  await assert.rejects(read('start', '--port', String(port)), { message: /in use.*--port/ });
  server.close();
});

test('an option that npm kept for itself is not silently lost', () => {
  const environment = { npm_config_preset: 'quick' };
  assert.throws(() => requireNoneTakenByNpm(commands.reproduce, environment), /--preset was taken by npm/);
});

test('what npx and node-gyp were told is not taken for an option', () => {
  requireNoneTakenByNpm(commands.reproduce, { npm_config_yes: 'true' });
  requireNoneTakenByNpm(commands.sweep, { npm_config_jobs: '4' });
});

test('a file is shown by its path from where the user stands', (t) => {
  const { INIT_CWD } = process.env;
  process.env.INIT_CWD = DATA_FOLDER;
  t.after(() => {
    if (INIT_CWD === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = INIT_CWD;
  });
  assert.deepEqual([FILE, DATA_FOLDER, path.dirname(DATA_FOLDER)].map(shown), ['dataset.json', '.', '..']);
});

test('a command that is shown can be pasted, whatever its folders are called', () => {
  const asked = { preset: 'paper', device: 'auto', precision: 'float32', on: 'slurm' };
  assert.equal(
    sweepCommand(['rq1'], { ...asked, data: '/my data', out: '/tmp/x' }),
    "npm run sweep -- --rq rq1 --data '/my data' --preset paper --out /tmp/x --on slurm",
  );
});

test('help names every option of a command', () => {
  for (const [name, command] of Object.entries(commands)) {
    const help = helpText(name, command);
    for (const option of Object.keys(command.options)) assert.match(help, new RegExp(`--${option}\\b`));
  }
});

test('a mistake ends the command with one line and exit code 2, before anything is set up', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'reproduce', '--preset', 'nope'], {
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.equal(stderr, 'reproduce: --preset nope: expected quick, default, paper\n');
});
