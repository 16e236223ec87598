import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { savePatches } from '../../lib/model/files/patchFile';
import { vocabularyOf } from '../../lib/model/files/safetensors';
import { trunkHash } from '../../lib/model/files/trunkFile';
import { parsed, runScript } from '../model/exchange/command';
import { CLASSES, FILMS, insertion, PROVENANCE, tinyFiles, write } from '../model/exchange/tinyFiles';
import { LENGTH } from '../model/tinyModel';
import { requireRefused } from './command';

const files = tinyFiles('causal');
const input = write(files, 'in.jsonl', `${FILMS.slice(0, 3).join()}\n${FILMS[5]}\n`);
const out = path.join(files.folder, 'out.jsonl');
const folder = path.join(files.folder, 'folder.jsonl');
fs.mkdirSync(folder);
const given = ['--checkpoint', files.trunk, '--input', input, '--out', out];
/** What is given, with another value of one option. */
const givenBut = (option: string, value: string) => {
  const place = given.indexOf(option);
  return given.map((argument, i) => (i === place + 1 ? value : argument));
};

test('files that are missing, would be lost or cannot be written are refused', () =>
  requireRefused([
    ['encode', [], /^--checkpoint is missing: expected a trunk/],
    ['encode', ['--checkpoint', files.trunk, '--out', out], /^--input is missing: expected a CSV file/],
    ['predict', given, /^--patch is missing: expected a patch set/],
    ['encode', givenBut('--checkpoint', '/nowhere'), /^--checkpoint \/nowhere: no such file, nor the index/],
    ['encode', givenBut('--input', '/nowhere.csv'), /^--input \/nowhere\.csv: no such file$/],
    ['encode', givenBut('--input', '/dev/null'), /^--input \/dev\/null: expected a regular file$/],
    ['encode', givenBut('--out', folder), /^--out .*: expected a regular file$/],
    ['encode', givenBut('--out', input), /^--out .*in\.jsonl: expected another file than that of --input$/],
    [
      'encode',
      givenBut('--out', vocabularyOf(files.trunk)),
      /items\.json: expected a \.jsonl, \.npy or \.parquet file$/,
    ],
    ['encode', [...given, '--positions', 'first'], /^--positions first: expected last, all$/],
  ]));

/** The lines that a program writes. */
function written<Line>(program: string, options: object): Line[] {
  const { status, stderr } = runScript(program, { out, ...options });
  assert.equal(status, 0, stderr);
  return parsed<Line>(fs.readFileSync(out, 'utf8'));
}

test('encode reads items as its trunk did in training, and ids of the model as they are', () => {
  const { trunk } = tinyFiles('causal', 'classify', 'embedded');
  const asIds = write(files, 'ids.csv', '1,2\n');
  const widthsOf = (options: object) =>
    written<{ hidden: number[][] }>('encode', { positions: 'all', ...options }).map(({ hidden }) =>
      hidden.map((state) => state.length),
    );
  const lengthsOf = (options: object) => widthsOf(options).map((widths) => widths.length);
  assert.deepEqual(widthsOf({ checkpoint: files.trunk, ids: 'raw', input }), [[4, 4, 4], [4]]);
  assert.deepEqual(lengthsOf({ checkpoint: trunk, ids: 'raw', input }), [LENGTH, LENGTH]);
  assert.deepEqual(lengthsOf({ checkpoint: trunk, ids: 'model', input: asIds }), [2]);
});

const predicting = { checkpoint: files.trunk, patch: [files.patch], ids: 'raw', input, out };

test('predict writes class probabilities', () => {
  const lines = written<{ row: number; probabilities: Record<string, number> }>('predict', predicting);
  assert.equal(lines.length, 2);
  for (const { probabilities } of lines) {
    assert.deepEqual(Object.keys(probabilities), ['label0', 'label1', 'label2']);
    const sum = Object.values(probabilities).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  }
});

test('several tasks have a file each, all from one reading', () => {
  const other = path.join(files.folder, 'other.safetensors');
  const card = {
    trunk: 'causal',
    trunkHash: trunkHash(files.model.trunk),
    kind: 'classify',
    labels: CLASSES,
  } as const;
  const how = { representation: 'token', tcl: 'frozen', insertion } as const;
  const { bias } = files.model.head;
  const head = { ...files.model.head, bias: { ...bias, values: bias.values.map((value, y) => value + y) } };
  const model = { ...files.model, head };
  const chosen = { model, tuned: [model.patches, head] };
  savePatches(other, chosen, { ...PROVENANCE, ...card, ...how, task: 'Other' });
  const table = path.join(files.folder, 'users.npy');
  const twice = runScript('predict', { ...predicting, patch: [files.patch, files.patch], out: table });
  assert.match(twice.stderr, /^--patch: expected patch sets of different tasks, found one task twice$/m);
  assert.equal(runScript('predict', { ...predicting, patch: [files.patch, other], out: table }).status, 0);
  const together = ['Taste', 'Other'].map((task) => fs.readFileSync(table.replace('npy', `${task}.npy`)));
  const alone = [files.patch, other].map((patch) => {
    assert.equal(runScript('predict', { ...predicting, patch: [patch], out: table }).status, 0);
    return fs.readFileSync(table);
  });
  assert.deepEqual(together, alone);
  assert.notDeepEqual(...(alone as [Buffer, Buffer]));
});

const safetensors = { checkpoint: files.trunk, format: 'safetensors', out: path.join(folder, 'model') };
const patched = { ...safetensors, patch: [files.patch, files.patch] };
const REFUSED: readonly (readonly [program: string, options: object, message: RegExp])[] = [
  ['predict', { ...predicting, top: 3 }, /^--top: .* Taste has classes$/m],
  ['export', safetensors, /^a \.safetensors file: expected one --patch too/m],
  ['export', patched, /^a \.safetensors file: expected one --patch too/m],
  ['export', { ...safetensors, out: 'model.onnx' }, /^--out \S*model.onnx: expected a \.safetensors file/m],
];

test('what would be of no use is refused, and leaves no folder', () => {
  for (const [program, options, message] of REFUSED) {
    const { status, stderr } = runScript(program, options);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
  assert.deepEqual(fs.readdirSync(folder), []);
});
