import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { partialOf, removeLeftovers, writeWhole } from '../../lib/files/whole';
import { inFolder } from '../recipes/tinyTasks';

test('a file is written with its folder, and what stood there before is replaced', () =>
  inFolder((folder) => {
    const file = path.join(folder, 'new', 'a.txt');
    writeWhole(file, 'one');
    writeWhole(file, Float32Array.of(1));
    assert.equal(fs.readFileSync(file).toString('hex'), '0000803f');
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.txt']);
  }));

/** Writes a file of that many bytes in a process of its own, after a shell did something; what it said. */
function writing(file: string, bytes: number, before: string): string {
  const script = `
    const { writeWhole } = require(${JSON.stringify(path.resolve('lib/files/whole.ts'))});
    try {
      writeWhole(${JSON.stringify(file)}, Buffer.alloc(${bytes}, 'x'));
      console.log('written');
    } catch (error) {
      console.log(error.name + ': ' + error.message);
    }`;
  const command = `${before}; exec "$0" --import tsx --eval "$1"`;
  return spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' }).stdout.trim();
}

test('a file that grows too large is not there, nor a part of it, and the one before stays', () =>
  inFolder((folder) => {
    const file = path.join(folder, 'large.bin');
    writeWhole(file, 'before');
    assert.equal(
      writing(file, 1 << 20, 'ulimit -f 200'),
      `UserError: ${file} could not be written: the disk takes no file of this size; what was finished before is kept`,
    );
    assert.deepEqual(fs.readdirSync(folder), ['large.bin']);
    assert.equal(fs.readFileSync(file, 'utf8'), 'before');
  }));

test('a name that is too long, or leads through a file, is a mistake that says so', () =>
  inFolder((folder) => {
    const long = path.join(folder, `${'x'.repeat(250)}.txt`);
    assert.throws(() => writeWhole(long, ''), {
      name: 'UserError',
      message: `${long} could not be written: its name is too long; what was finished before is kept`,
    });
    writeWhole(path.join(folder, 'a.txt'), '');
    const below = path.join(folder, 'a.txt', 'b.txt');
    assert.throws(() => writeWhole(below, ''), {
      name: 'UserError',
      message: `${below} could not be written: a folder on the way is a file; what was finished before is kept`,
    });
    assert.deepEqual(fs.readdirSync(folder), ['a.txt']);
  }));

/** Whether a disk of its own can be mounted here. */
const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0;

test(
  'a disk that is full is named, and what was written before stays',
  { skip: !mounts && 'mounting is not permitted here' },
  () =>
    inFolder((folder) => {
      const file = path.join(folder, 'large.bin');
      const said = spawnSync(
        'unshare',
        [
          ...['--mount', process.execPath, '--import', 'tsx', '--eval'],
          `
        const { execFileSync } = require('node:child_process');
        const fs = require('node:fs');
        const { writeWhole } = require(${JSON.stringify(path.resolve('lib/files/whole.ts'))});
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', ${JSON.stringify(folder)}]);
        writeWhole(${JSON.stringify(file)}, 'before');
        try {
          writeWhole(${JSON.stringify(file)}, Buffer.alloc(1 << 20, 'x'));
        } catch (error) {
          console.log(error.name + ': ' + error.message);
        }
        console.log(fs.readdirSync(${JSON.stringify(folder)}).join(), fs.readFileSync(${JSON.stringify(file)}, 'utf8'));`,
        ],
        { encoding: 'utf8' },
      );
      assert.deepEqual(said.stdout.trim().split('\n'), [
        `UserError: ${file} could not be written: the disk is full; what was finished before is kept`,
        'large.bin before',
      ]);
    }),
);

test('what a killed process was writing is removed, what a living one writes is not', () =>
  inFolder((folder) => {
    const file = path.join(folder, 'a.json');
    const own = partialOf(file);
    const { pid } = spawnSync('true');
    const killed = own.replace(`.${process.pid}.`, `.${pid}.`);
    const elsewhere = `${file}.another-machine.${pid}.part`;
    for (const name of [own, killed, elsewhere]) fs.writeFileSync(name, 'part');
    removeLeftovers(folder);
    assert.deepEqual(
      fs.readdirSync(folder).sort(),
      [own, elsewhere].map((name) => path.basename(name)).sort(),
    );
    removeLeftovers(path.join(folder, 'that is not there'));
  }));
