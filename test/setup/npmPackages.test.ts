import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesLock } from '../../lib/setup/parts/npmPackages';

const LOCK = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};

const CASES: readonly (readonly [string, object, boolean])[] = [
  [
    'everything',
    { 'node_modules/a': LOCK['node_modules/a'], 'node_modules/b': LOCK['node_modules/b'] },
    true,
  ],
  ['all but an optional package of another platform', { 'node_modules/a': LOCK['node_modules/a'] }, true],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }, false],
  [
    'another content of the same version',
    { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } },
    false,
  ],
  ['nothing', {}, false],
];

for (const [what, installed, expected] of CASES) {
  test(`node_modules with ${what} ${expected ? 'matches' : 'does not match'} the lock file`, () => {
    assert.equal(matchesLock(LOCK, { ...installed }), expected);
  });
}
