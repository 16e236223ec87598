/** A disk that fills: the run ends in a line, keeps what was finished, and goes on once there is room. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { run } from '../../../lib/experiments/runs/run';
import { folderWith } from '../../data/folders';
import { parity } from '../recipes/tinyTasks';
import { both, namesIn, numbersOf, options } from './tinyRun';

/** Sizes that are tried, evenly between nothing and enough: more with PETERREC_DISKS. */
const DISKS = Number(process.env.PETERREC_DISKS ?? 4);

const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'full-disk-'));
const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' });
const sized = (kilobytes: number) => `size=${kilobytes}k`;
const mounted = mount('-t', 'tmpfs', '-o', sized(64), 'tmpfs', disk);
const skip = mounted.status === 0 ? false : `no disk of its own: ${mounted.stderr?.trim() || mounted.error}`;
after(() => {
  if (!skip) spawnSync('umount', [disk]);
  fs.rmdirSync(disk);
});

const runIn = (out: string) => run({ ...options, out, tasks: [parity] }, both);

test(`a disk that is full at ${DISKS} moments is told by name, and nothing is lost or wrong`, {
  skip,
}, async () => {
  const out = folderWith({});
  const whole = await runIn(out);
  const sizes = namesIn(out).map((name) => fs.statSync(path.join(out, name)).size);
  const enough = sizes.reduce((sum, size) => sum + Math.ceil(size / 4096) * 4, 0);
  let full = 0;
  for (let i = 0; i < DISKS; i++) {
    const own = path.join(disk, String(i));
    mount('-o', `remount,${sized(Math.max(4, Math.round((enough * i) / DISKS)))}`, disk);
    try {
      await runIn(own);
    } catch (error) {
      full++;
      const { name, message } = error as Error;
      assert.match(`${name}: ${message}`, /^UserError: .* could not be written: the disk is full/);
    }
    mount('-o', `remount,${sized(10 * enough)}`, disk);
    const healed = await runIn(own);
    assert.deepEqual(numbersOf(healed.results), numbersOf(whole.results));
    assert.deepEqual(namesIn(own), namesIn(out));
    fs.rmSync(own, { recursive: true });
  }
  assert.ok(full >= DISKS / 2, `full ${full} times`);
});
