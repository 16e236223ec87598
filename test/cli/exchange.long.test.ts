import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../lib/cli/declarations/commands';
import { helpText, readOptions } from '../../lib/cli/options/options';
import { vocabularyOf } from '../../lib/modelFiles/safetensors';
import { folderWith } from '../datasets/folders';
import { parsed, runScript } from '../exchange/command';
import { FILMS, tinyFiles, write } from '../exchange/tinyFiles';
import { LENGTH } from '../model/tinyModel';

const files = tinyFiles('causal');
const input = write(files, 'in.jsonl', `${FILMS.slice(0, 3).join()}\n${FILMS[5]}\n`);
const out = path.join(files.folder, 'out.jsonl');
const folder = path.join(files.folder, 'folder.jsonl');
fs.mkdirSync(folder);
/** A link beside the model. */
function link(name: string, target: string): string {
  const file = path.join(files.folder, name);
  fs.symlinkSync(target, file);
  return file;
}
const alias = link('alias.jsonl', input);
const device = link('device.jsonl', '/dev/null');
const vocabulary = vocabularyOf(files.trunk);
const given = ['--checkpoint', files.trunk, '--input', input, '--out', out];
const read = (command: string, ...args: string[]) => readOptions(commands[command], args);
/** What is given, with another value of one option. */
const givenBut = (option: string, value: string) => {
  const place = given.indexOf(option);
  return given.map((argument, i) => (i === place + 1 ? value : argument));
};

test('encode takes items of the data and writes the last position by default', async () => {
  const expected = { checkpoint: files.trunk, ids: 'raw', positions: 'last', input, out, device: 'auto' };
  assert.deepEqual(await read('encode', ...given), expected);
});

test('a checkpoint may be the prefix of TensorFlow files', async () => {
  const prefix = path.join(folderWith({ 'model.ckpt.index': '' }), 'model.ckpt');
  const { checkpoint } = await read('encode', ...givenBut('--checkpoint', prefix));
  assert.equal(checkpoint, prefix);
});

const MISTAKES: readonly (readonly [string, string[], RegExp])[] = [
  ['encode', [], /^--checkpoint is missing: expected a trunk/],
  ['encode', ['--checkpoint', files.trunk, '--out', out], /^--input is missing: expected a CSV file/],
  ['encode', ['--checkpoint', files.trunk, '--input', input], /^--out is missing: expected a \.jsonl file/],
  ['predict', given, /^--patch is missing: expected a patch set/],
  ['encode', givenBut('--checkpoint', '/nowhere'), /^--checkpoint \/nowhere: no such file, nor the index/],
  ['encode', givenBut('--input', '/nowhere.csv'), /^--input \/nowhere\.csv: no such file$/],
  ['encode', givenBut('--input', folder), /^--input .*: expected a regular file, found a folder$/],
  ['encode', givenBut('--input', device), /: expected a regular file, found a pipe or a device$/],
  ['encode', givenBut('--out', folder), /^--out .*: expected a regular file, found a folder$/],
  ['encode', givenBut('--out', input), /^--out .*in\.jsonl: expected another file than that of --input$/],
  ['encode', givenBut('--out', alias), /^--out .*in\.jsonl: expected another file than that of --input$/],
  ['encode', givenBut('--out', vocabulary), /^--out .*items\.json: expected a \.jsonl file$/],
  ['encode', givenBut('--out', link('v.jsonl', vocabulary)), /v\.jsonl: expected a \.jsonl file$/],
  ['predict', [...givenBut('--out', files.trunk), '--patch', files.patch], /: expected a \.jsonl file$/],
  ['encode', givenBut('--out', device), /: expected a file, found a place in \/dev or \/proc$/],
  ['encode', givenBut('--out', '/dev/out.jsonl'), /: expected a file, found a place in \/dev or \/proc$/],
  ['encode', givenBut('--out', '/proc/1/out.jsonl'), /: expected a file, found a place in \/dev or \/proc$/],
  ['encode', givenBut('--out', link('no.jsonl', '/no.jsonl')), /: expected a file, found a link to nothing$/],
  [
    'encode',
    givenBut('--out', `${'x'.repeat(300)}.jsonl`),
    /: expected a file that can be written \(ENAMETOOLONG\)$/,
  ],
  ['encode', [...given, '--ids', 'names'], /^--ids names: expected raw, model$/],
  ['encode', [...given, '--positions', 'first'], /^--positions first: expected last, all$/],
  ['encode', [...given, '--trunk', 'cubic'], /^--trunk cubic: expected causal, non-causal$/],
  ['predict', [...given, '--patch', files.patch, '--top', '0'], /^--top 0: expected a whole number from 1/],
  [
    'export',
    ['--checkpoint', files.trunk, '--out', files.folder],
    /^--out .*: expected a new or empty folder/,
  ],
];

for (const [command, args, message] of MISTAKES) {
  test(`${command} says what it expected: ${message.source}`, async () => {
    await assert.rejects(read(command, ...args), { message });
  });
}

test('a link as --out stands for the file that it leads to', async () => {
  const old = write(files, 'old.jsonl', '');
  const { out: written } = await read('encode', ...givenBut('--out', link('link.jsonl', old)));
  assert.equal(written, fs.realpathSync(old));
});

test('a new folder that is asked for is made once something is written into it', async () => {
  const folder = path.join(folderWith({}), 'new', 'model');
  const { out } = await read('export', '--checkpoint', files.trunk, '--out', folder);
  assert.equal(out, folder);
  assert.equal(fs.existsSync(path.dirname(folder)), false);
});

test('encode writes a line a row, without a patch set one state for each item', () => {
  const options = { checkpoint: files.trunk, ids: 'raw', positions: 'all', input, out };
  const { status, stderr } = runScript('encode', options);
  assert.equal(status, 0, stderr);
  const lines = parsed<{ row: number; hidden: number[][] }>(fs.readFileSync(out, 'utf8'));
  assert.deepEqual(
    lines.map(({ row, hidden }) => [row, hidden.map((h) => h.length)]),
    [
      [0, [4, 4, 4]],
      [1, [4]],
    ],
  );
});

test('encode reads items as its trunk did in training, and ids of the model as they are', () => {
  const { trunk } = tinyFiles('causal', 'classify', 'embedded');
  const asIds = write(files, 'ids.csv', '1,2\n');
  const positionsOf = (own: object) => {
    const { status, stderr } = runScript('encode', { checkpoint: trunk, positions: 'all', out, ...own });
    assert.equal(status, 0, stderr);
    return parsed<{ hidden: number[][] }>(fs.readFileSync(out, 'utf8')).map(({ hidden }) => hidden.length);
  };
  assert.deepEqual(positionsOf({ ids: 'raw', input }), [LENGTH, LENGTH]);
  assert.deepEqual(positionsOf({ ids: 'model', input: asIds }), [2]);
});

test('predict refuses --top where there are classes', () => {
  const { trunk: checkpoint, patch } = files;
  const { status, stderr } = runScript('predict', { checkpoint, patch, ids: 'raw', top: 3, input, out });
  assert.equal(status, 1);
  assert.match(stderr, /^--top: expected a patch set of a task that recommends items, Taste has classes$/m);
});

test('predict writes class probabilities', () => {
  const { status, stderr } = runScript('predict', {
    checkpoint: files.trunk,
    patch: files.patch,
    ids: 'raw',
    input,
    out,
  });
  assert.equal(status, 0, stderr);
  const lines = parsed<{ row: number; probabilities: Record<string, number> }>(fs.readFileSync(out, 'utf8'));
  assert.equal(lines.length, 2);
  for (const { probabilities } of lines) {
    assert.deepEqual(Object.keys(probabilities), ['label0', 'label1', 'label2']);
    const sum = Object.values(probabilities).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  }
});

const safetensors = { checkpoint: files.trunk, format: 'safetensors', out: path.join(folder, 'model') };
const REFUSED: readonly (readonly [object, RegExp])[] = [
  [safetensors, /^--format safetensors: expected --patch too, as a trunk is such a file already$/m],
  [{ ...safetensors, patch: files.patch, rows: 1 }, /^--format safetensors: expected no --rows or --length/m],
  [
    { ...safetensors, patch: files.patch, length: 9 },
    /^--format safetensors: expected no --rows or --length/m,
  ],
  [
    { ...safetensors, format: 'saved-model', patch: files.patch, length: 1 },
    /^--length 1: expected at least 2, for an item and its \[TCL\]$/m,
  ],
];

for (const [options, message] of REFUSED) {
  test(`export refuses what would be of no use: ${message.source}`, () => {
    const { status, stderr } = runScript('export', options);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.deepEqual(fs.readdirSync(folder), []);
  });
}

test('an export that is refused leaves no folder', () => {
  const args = ['export', '--checkpoint', files.trunk, '--format', 'safetensors', '--out', safetensors.out];
  const { status, stderr } = spawnSync(process.execPath, ['lib/cli/main.js', ...args], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^--format safetensors: expected --patch too/);
  assert.equal(fs.existsSync(safetensors.out), false);
});

test('help says who lays rows of ids out, and that classes are in no order', () => {
  assert.match(helpText('encode', commands.encode), /read as they are: \[TCL\] and padding are the caller's/);
  assert.match(
    helpText('predict', commands.predict),
    /"probabilities": \{ class: p \} \}, by name and in no order/,
  );
});

test('help says what an export holds and what has none', () => {
  const help = helpText('export', commands.export);
  assert.match(help, /assets\.extra\/ids\.json says how a row is laid out/);
  assert.match(help, /tunes everything, as FineAll does, leaves none and cannot be exported/);
});

test('a mistake in the input is one line, and nothing is written', () => {
  const bad = write(files, 'bad.csv', `${FILMS[0]}\n${FILMS[1]},film9\n`);
  const nothing = path.join(files.folder, 'nothing.jsonl');
  const args = ['encode', '--checkpoint', files.trunk, '--input', bad, '--out', nothing];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['lib/cli/main.js', ...args], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  const expected = 'expected one of the 6 items that the model was trained on';
  assert.equal(stderr, `${bad}: line 2, column 2: ${expected}, found "film9"\n`);
  assert.deepEqual(
    fs.readdirSync(files.folder).filter((name) => name.includes('nothing')),
    [],
  );
});
