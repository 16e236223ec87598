import assert from 'node:assert/strict';
import { test } from 'node:test';
import { purposesIn } from '../../lib/site/rooms';

test('the rooms of one row of the README have one purpose', () => {
  const rows = [
    '| room | what lives there |',
    '| [notebooks](notebooks) | questions |',
    '| [lib/runs](lib/runs), [lib/documents](lib/documents) | experiments; what they leave |',
  ];
  assert.deepEqual(
    purposesIn(rows.join('\n')),
    new Map([
      ['runs', 'experiments; what they leave'],
      ['documents', 'experiments; what they leave'],
    ]),
  );
});
