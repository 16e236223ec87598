import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { kernelSpec } from '../../lib/setup/parts/kernelSpec';

test('the kernel is the interpreter itself, so that Stop reaches it as a signal', () => {
  const { argv, interrupt_mode } = kernelSpec('/usr/bin/node');
  assert.equal(argv[0], '/usr/bin/node');
  assert.ok(fs.existsSync(argv[1]));
  assert.equal(argv[2], '{connection_file}');
  assert.equal(interrupt_mode, 'signal');
});
