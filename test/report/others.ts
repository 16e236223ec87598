import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { opinion } from '../../lib/setup/parts/ownEnvironment';

/** Asserts that a program of pandas and SciPy finds a set's claims as we do, and that roc-validator and ro-crate-py take its crate. */
export async function assertOthersAgree(set: string): Promise<void> {
  await opinion.setUp(console.log);
  for (const program of ['evidence/secondOpinion.py', 'report/crate.py']) {
    const { status, stdout } = spawnSync(opinion.python, [`test/${program}`, set], { encoding: 'utf8' });
    assert.equal(status, 0, `${program}: ${stdout}`);
  }
}
