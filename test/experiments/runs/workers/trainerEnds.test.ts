import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untrained } from '../../../../lib/experiments/opponents/opponents';
import { Trainer } from '../../../../lib/experiments/runs/workers/process';
import { trainers, until } from '../../../browser/processes';
import { jobOf } from '../../recipes/settingsOf';
import { news, preset } from '../../recipes/tinyTasks';

/** The process that was started to train. */
async function trainerPid(): Promise<number> {
  await until(() => trainers().length > 0, 5);
  return trainers()[0];
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
  const asked = trainer.compute(jobOf(news, untrained[0], preset), { waits: true, onShare: () => undefined });
  process.kill(await trainerPid(), 'SIGKILL');
  await assert.rejects(asked, { name: 'UserError', message: /^[^\n]* by SIGKILL; [^\n]*`channels`.*less$/ });
  await trainer.dismiss();
});
