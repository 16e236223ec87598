import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toMarkdown } from '../../../lib/report/table/formats';
import { pretrainingTable } from '../../../lib/report/table/pretraining';

const words = (line: string) => line.replace(/ +/g, ' ');

test('a row says how far ahead trunk and popularity rank the last items, and their MRR@5', () => {
  const gain = {
    ...{ source: 'Films', direction: 'causal' as const, users: 9 },
    ...{ trunk: 10, popularity: 20, ratio: 2, low: 1.25, high: 2.5 },
    ...{ trunkMRR: 0.0035, popularityMRR: 0.0057, cooccurrenceMRR: 0.0061 },
  };
  const lines = toMarkdown(pretrainingTable('gains', [gain])).split('\n');
  assert.ok(
    lines
      .map(words)
      .includes('| Films | causal | 9 | 10.0 | 20.0 | 2.00 \\[1.25, 2.50\\] | 0.0035 | 0.0057 | 0.0061 |'),
  );
});
