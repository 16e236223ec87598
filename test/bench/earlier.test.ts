import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { changeOf, type Earlier, formatChange, readEarlier } from '../../lib/bench/earlier';
import { folderWith } from '../datasets/folders';

const report = (low: number, ratio: number, high: number): Earlier => ({
  ...{ name: 'train-step', size: '32 x 50 x 64', ours_ms: 12, ratio, low, high },
  ...{ ours_isa: 'avx512', peer_isa: 'avx512' },
});

test('a line is faster or slower where the intervals of the ratios do not meet', () => {
  assert.equal(changeOf(report(1.3, 1.4, 1.5), report(1.1, 1.2, 1.29)), 'faster');
  assert.equal(changeOf(report(1.3, 1.4, 1.5), report(1.1, 1.3, 1.4)), 'no difference shown');
  assert.equal(changeOf(report(1.0, 1.05, 1.09), report(1.1, 1.2, 1.3)), 'slower');
});

test('what was is told beside what is, with the instructions where they were others', () => {
  const before = report(1.1, 1.2, 1.29);
  const now = report(1.3, 1.4, 1.5);
  assert.equal(formatChange(now, before), '  earlier 1.20 (1.10 – 1.29), 12.0 ms: faster');
  const by = formatChange(now, { ...before, ours_isa: 'avx2' });
  assert.equal(by, '  earlier 1.20 (1.10 – 1.29), 12.0 ms by avx2 against avx512: faster');
});

test('what npm says before the lines is passed over', () => {
  const file = path.join(folderWith({}), 'earlier.jsonl');
  fs.writeFileSync(
    file,
    `\n> peterrec-workbench@0.1.0 bench\n> node main.js\n\n${JSON.stringify(report(1, 2, 3))}\n`,
  );
  assert.deepEqual(readEarlier(file), [report(1, 2, 3)]);
});

const refusals = [
  ['', ': expected lines of `npm run bench -- NAME --json`, found none'],
  ['size  ours', ':1: expected a line of `npm run bench -- NAME --json`, found "size  ours"'],
  ['\n{"name":"train-step"}', ':2: expected a line'],
] as const;
for (const [content, message] of refusals) {
  test(`a file to compare with that holds ${JSON.stringify(content)} is refused, with the line`, () => {
    const file = path.join(folderWith({}), 'earlier.jsonl');
    fs.writeFileSync(file, content);
    assert.throws(
      () => readEarlier(file),
      ({ name, message: found }: Error) => name === 'UserError' && found.startsWith(`${file}${message}`),
    );
  });
}
