import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/methods/family';
import { byHand } from '../../lib/notebook/byHand';
import { news, preset } from '../recipes/tinyTasks';

test('a method that starts from a trunk is not grafted into a random one', () => {
  const { graft } = byHand({ preset, out: '' });
  assert.throws(() => graft(news, causal.PeterRec), {
    name: 'UserError',
    message: 'graft: PeterRec starts from a pre-trained trunk; expected one, found none',
  });
  assert.ok(graft(news, causal.PeterZeroFrozen).trunk);
});
