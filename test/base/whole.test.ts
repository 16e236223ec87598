import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { partialOf, removeLeftovers, writeWhole } from '../../lib/base/whole';
import { folderWith } from '../data/folders';

test('a file is written with its folder, and what stood there before is replaced', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'new', 'a.txt');
  writeWhole(file, 'one');
  writeWhole(file, Float32Array.of(1));
  assert.equal(fs.readFileSync(file).toString('hex'), '0000803f');
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.txt']);
});

/** Requires that a long file over a short one fails as said, in a process of its own after a shell did something. */
function requireKept(reason: string, before: (folder: string) => string, ...shell: readonly string[]): void {
  const folder = folderWith({});
  const script = `
    const fs = require('node:fs');
    const { writeWhole } = require(${JSON.stringify(path.resolve('lib/base/whole.ts'))});
    writeWhole('${folder}/a', 'before');
    try {
      writeWhole('${folder}/a', Buffer.alloc(1 << 20, 'x'));
    } catch (error) {
      console.log(error.name + ': ' + error.message);
    }
    console.log(fs.readdirSync('${folder}').join(), fs.readFileSync('${folder}/a', 'utf8'));`;
  const [program, ...args] = [
    ...shell,
    'bash',
    '-c',
    `${before(folder)} && exec "$0" --import tsx --eval "$1"`,
  ];
  const { stdout } = spawnSync(program, [...args, process.execPath, script], { encoding: 'utf8' });
  const [said, left] = stdout.trim().split('\n');
  assert.match(said, new RegExp(`^UserError: ${folder}/a could not be written: ${reason}`));
  assert.equal(left, 'a before');
}

/** Whether a disk of its own can be mounted here. */
const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0;

test('a file that grows too large is named, nothing of it is there, and the one before stays', () => {
  requireKept('the disk takes no file of this size', () => 'ulimit -f 200');
});

test('so is a disk that is full', { skip: !mounts && 'mounting is not permitted here' }, () => {
  const mount = (folder: string) => `mount -t tmpfs -o size=64k tmpfs '${folder}'`;
  requireKept('the disk is full', mount, 'unshare', '--mount');
});

test('a name that is too long, or leads through a file, is a mistake that says so', () => {
  const folder = folderWith({});
  writeWhole(path.join(folder, 'a.txt'), '');
  const long = path.join(folder, `${'x'.repeat(250)}.txt`);
  assert.throws(() => writeWhole(long, ''), { name: 'UserError', message: /xx\.txt .*name is too long/ });
  const below = path.join(folder, 'a.txt', 'b.txt');
  assert.throws(() => writeWhole(below, ''), { name: 'UserError', message: /b\.txt .*is a file/ });
  assert.deepEqual(fs.readdirSync(folder), ['a.txt']);
});

test('what a killed process was writing is removed, what a living one writes is not', () => {
  const folder = folderWith({});
  const file = path.join(folder, 'a.json');
  const own = partialOf(file);
  const { pid } = spawnSync('true');
  const killed = own.replace(`.${process.pid}.`, `.${pid}.`);
  const elsewhere = `${file}.another-machine.${pid}.part`;
  for (const name of [own, killed, elsewhere]) fs.writeFileSync(name, 'part');
  removeLeftovers(folder);
  assert.deepEqual(fs.readdirSync(folder).sort(), [own, elsewhere].map((name) => path.basename(name)).sort());
  removeLeftovers(path.join(folder, 'that is not there'));
});
