/** The kernels' source for AMX, compiled by itself, on a processor that lacks AMX and has what else it asks for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inProject, sitePackages } from '../../../lib/setup/tools/project';
import { folderWith } from '../../data/folders';

const processors = fs.readFileSync('/proc/cpuinfo', 'utf8');
const fits = /\bavx512_bf16\b/.test(processors) && !/\bamx_tile\b/.test(processors);
/** Older ones do not know bfloat16. */
const haveGcc = Number.parseInt(spawnSync('g++', ['-dumpversion'], { encoding: 'utf8' }).stdout, 10) >= 11;
const skip = !(fits && haveGcc) && 'needs g++ 11 or newer and a processor with avx512_bf16 and without AMX';

/** What a program of this folder prints that was compiled with the kernels. */
function printed(source: string): string {
  const program = path.join(folderWith({}), 'program');
  const kernels = inProject('lib/engine/kernels');
  const headers = path.join(sitePackages() ?? '', 'tensorflow/include');
  const options = ['-std=c++17', '-O2', '-pthread', '-Wno-psabi', `-I${kernels}`, `-I${headers}`];
  const sources = [path.join(__dirname, source), path.join(kernels, 'parallel.cc')];
  const compiled = spawnSync('g++', [...options, ...sources, '-o', program], { encoding: 'utf8' });
  assert.equal(compiled.status, 0, compiled.stderr);
  const env = { ...process.env, PETERREC_THREADS: '2' };
  const { status, signal, stdout, stderr } = spawnSync(program, { encoding: 'utf8', env });
  assert.equal(status, 0, `${signal}: ${stderr}`);
  return stdout;
}

test("products by AMX's instructions, emulated, are those of ordinary arithmetic", { skip }, () => {
  const [apart, instructions, configured] = printed('products.cc').split(' ').map(Number);
  assert.ok(apart < 5e-6, `${apart}`);
  assert.ok(instructions > 10_000, `${instructions}`);
  assert.equal(configured, 0);
});
