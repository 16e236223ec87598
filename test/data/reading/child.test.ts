import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parseCard } from '../../../lib/data/card/card';
import { openReading } from '../../../lib/data/reading/cache';
import { inProject } from '../../../lib/setup/tools/project';
import { folderWith } from '../folders';

test('a job that comes piece by piece is read whole', async () => {
  const path = folderWith({ 'log.csv': 'who,what,at\nann,a,7\nbob,b,3\n' });
  const columns = { user: 'who', item: 'what', time: 'at' };
  const tasks = { Rest: { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 5, minSource: 1 } };
  const card = parseCard('a card', JSON.stringify({ name: 'shop', interactions: 'log.csv', columns, tasks }));
  const target = join(path, 'reading');
  const child = spawn(process.execPath, ['--import', 'tsx', inProject('lib/data/reading/child.ts')], {
    cwd: inProject(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const job = JSON.stringify({ path, card, target });
  for (const piece of [job.slice(0, 40), job.slice(40)]) {
    child.stdin.write(piece);
    await setTimeout(1500); // the child has loaded and waits
  }
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(openReading(target)?.interactions.users.length, 2);
});
