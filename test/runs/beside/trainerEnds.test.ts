import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Trainer } from '../../../lib/runs/beside/process';

/** The process that was started to train; it has its name a moment after it is there. */
async function trainerOf(parent: number): Promise<number> {
  for (let i = 0; i < 500; i++) {
    const found = trainerAmongAll(parent);
    if (found !== undefined) return found;
    await delay(10);
  }
  return assert.fail('no process trains');
}

/** By what the system says of all processes. */
function trainerAmongAll(parent: number): number | undefined {
  const read = (pid: string, what: string) => fs.readFileSync(`/proc/${pid}/${what}`, 'utf8');
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const isChild =
        Number(
          read(pid, 'stat')
            .replace(/^.*\) \S /, '')
            .split(' ')[0],
        ) === parent;
      return isChild && read(pid, 'cmdline').includes('trainer.ts');
    } catch {
      return false; // it has ended meanwhile
    }
  });
  return found === undefined ? undefined : Number(found);
}

test('a process that has taken no step and cannot answer does not hold up who ends it', async () => {
  const trainer = new Trainer(1);
  const pid = await trainerOf(process.pid);
  process.kill(pid, 'SIGSTOP'); // as if it were compiling
  await trainer.dismiss();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('one that the system kills is told in one line with what takes less memory', async () => {
  const trainer = new Trainer(1);
  const asked = trainer.measure([]);
  process.kill(await trainerOf(process.pid), 'SIGKILL');
  await assert.rejects(asked, {
    name: 'UserError',
    message:
      'a process that trains was ended by SIGKILL; what was finished is kept, a run started again goes on there; ' +
      'where memory ran out, fewer `channels`, a smaller `batch` or a smaller `length` of the tasks take less',
  });
  await trainer.dismiss();
});
