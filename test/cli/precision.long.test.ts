/** A precision that this machine does not train in is refused before anything is begun, and what is there can be looked at. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../datasets/folders';
import { writeTinyDataset } from '../notebooks/tinyDataset';

const data = folderWith({});
writeTinyDataset(data);

function run(program: string, options: object) {
  const out = folderWith({});
  const asked = { data, preset: 'quick', seeds: 1, rq: ['rq1'], device: 'auto', precision: 'bf16', out };
  const args = ['--import', 'tsx', `lib/cli/programs/${program}`, JSON.stringify({ ...asked, ...options })];
  const env = { ...process.env, PETERREC_BF16: 'none', TF_CPP_MIN_LOG_LEVEL: '3' };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const refusals = stderr.split('\n').filter((line) => line.startsWith('precision bf16: '));
  return { status, refusals, made: fs.existsSync(path.join(out, 'notebooks')) };
}

test('a reproduction in bfloat16 ends at once where the processor is not quicker so', () => {
  const { status, refusals, made } = run('reproduce/reproduce.ts', {});
  assert.deepEqual([status, refusals.length, made], [1, 1, false]);
  assert.match(refusals[0], /expected float32, or a processor with AMX or, of AMD, with avx512_bf16$/);
});

test('what is missing is told all the same', () => {
  const { status, refusals } = run('sweep/sweep.ts', { on: 'local', plan: true });
  assert.deepEqual([status, refusals], [0, []]);
});
