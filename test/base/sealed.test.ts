import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Damaged, readBeside, readSealed, writeSealed } from '../../lib/base/sealed';
import { folderWith } from '../data/folders';

const content = { name: 'Ω', values: [0.1, -0, 1e-7, 3], nested: { b: 1, a: undefined } };

test('the checksum is SHA-256 of the object as JSON without it, those of files of their content', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'card.json');
  const written = writeSealed(file, content, { 'rows.tsv': 'a\tb\n' });
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const inside = `{"name":"Ω","values":[0.1,0,1e-7,3],"nested":{"b":1},"files":{"rows.tsv":"${sha('a\tb\n')}"}}`;
  assert.equal(written.checksum, sha(inside));
  assert.deepEqual(readSealed(file), JSON.parse(fs.readFileSync(file, 'utf8')));
  assert.equal(readBeside(path.join(folder, 'rows.tsv'), written).toString(), 'a\tb\n');
  const { files } = writeSealed(path.join(folder, 'abc.json'), {}, { 'abc.txt': 'abc' });
  // FIPS 180-2, appendix B.1
  assert.equal(files['abc.txt'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('what is there and cannot be read is not damaged', () => {
  const folder = folderWith({});
  assert.throws(() => readSealed(folder), { message: `${folder}: expected a readable file (EISDIR)` });
  assert.throws(() => readSealed(path.join(folder, 'nothing.json')), Damaged);
});

test('whichever bit of a sealed object is another, its content is the same or it is damaged', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'card.json');
  writeSealed(file, content);
  const whole = fs.readFileSync(file);
  const before = readSealed(file);
  let noticed = 0;
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [0, 3, 5, 7]) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1 << bit;
      fs.writeFileSync(file, changed);
      try {
        assert.deepEqual(readSealed(file), before, `bit ${bit} of byte ${at}`);
      } catch (error) {
        assert.ok(error instanceof Damaged, `bit ${bit} of byte ${at}: ${error}`);
        noticed++;
      }
    }
  }
  assert.ok(noticed > 3 * whole.length);
});

test('a file beside it that is missing or another one is damaged, and named', () => {
  const folder = folderWith({});
  const rows = path.join(folder, 'rows.tsv');
  const seal = writeSealed(path.join(folder, 'card.json'), content, { 'rows.tsv': 'a' });
  fs.writeFileSync(rows, 'b');
  assert.throws(() => readBeside(rows, seal), { message: /rows\.tsv is damaged: .* checksum/ });
  fs.rmSync(rows);
  assert.throws(() => readBeside(rows, seal), { message: `${rows} is damaged: it is missing` });
});
