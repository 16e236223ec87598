import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Trainer } from '../../../../lib/experiments/runs/beside/process';

/** The process that was started to train, by what the system says of all processes. */
async function trainerPid(): Promise<number> {
  for (let i = 0; i < 500; i++) {
    const found = fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .find(isTrainer);
    if (found !== undefined) return Number(found);
    await delay(10);
  }
  return assert.fail('no process trains');
}

function isTrainer(pid: string): boolean {
  try {
    const isChild = new RegExp(`\\) \\S ${process.pid} `).test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return isChild && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('trainer.ts');
  } catch {
    return false; // it has ended meanwhile
  }
}

test('a process that has taken no step and cannot answer does not hold up who ends it', async () => {
  const trainer = new Trainer(1);
  const pid = await trainerPid();
  process.kill(pid, 'SIGSTOP'); // as if it were compiling
  await trainer.dismiss();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('one that the system kills is told in one line with what takes less memory', async () => {
  const trainer = new Trainer(1);
  const asked = trainer.compute({ place: 0, seed: 1 }, { waits: true, onShare: () => undefined });
  process.kill(await trainerPid(), 'SIGKILL');
  await assert.rejects(asked, { name: 'UserError', message: /^[^\n]* by SIGKILL; [^\n]*`channels`.*less$/ });
  await trainer.dismiss();
});
