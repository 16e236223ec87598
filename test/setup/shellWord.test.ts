import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord } from '../../lib/setup/tools/shellWord';

test('a path in a command that is shown is one word to a shell, and plain where it can be', () => {
  const texts = ['movielens-100k', '/tmp/Dätä/x.csv', "it's here", 'a b', '$HOME;x', '~', ''];
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${texts.map(shellWord).join(' ')}`], {
    encoding: 'utf8',
  });
  assert.deepEqual(stdout.split('\n').slice(0, -1), texts);
  assert.deepEqual(texts.slice(0, 2).map(shellWord), texts.slice(0, 2));
});
