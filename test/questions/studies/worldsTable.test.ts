import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judged } from '../../../lib/questions/studies/worlds';
import { worldLine, worldsTable } from '../../../lib/questions/studies/worldsTable';
import { toMarkdown } from '../../../lib/report/table/formats';
import { sampleClaim } from '../../report/sampleClaim';

const found = (
  world: Judged['world'],
  seed: number,
  ...values: [number, Judged['claims'][0]['verdict']][]
) => ({
  world,
  seed,
  claims: values.map(([difference, verdict], i) =>
    sampleClaim({ task: ['GenEst', 'AgeEst'][i], difference, verdict }),
  ),
});

test('a world is one line, and says where it is wrong', () => {
  assert.equal(
    worldLine(found('null', 3, [-0.1, 'does not hold'], [0, 'undecided'])),
    'null world, seed 3: right; of 2 claims 0 hold, 1 do not hold, 0 had nothing learnt, 1 are undecided',
  );
  assert.match(
    worldLine(found('structured', 3, [0.1, 'holds'], [0, 'undecided'])),
    /^structured world, seed 3: WRONG; of 2 claims 1 hold.*\n {2}FineAll > FineZero on AgeEst: undecided$/,
  );
});

test('the table counts worlds, and says for how many seeds each kind is right throughout', () => {
  const table = worldsTable([
    found('structured', 1, [0.2, 'holds'], [0.1, 'holds']),
    found('structured', 2, [0.4, 'holds'], [0.1, 'undecided']),
    found('null', 1, [0, 'undecided'], [-0.3, 'does not hold']),
  ]);
  const lines = toMarkdown(table).split('\n');
  assert.equal(
    lines[0],
    'Verdicts on made-up worlds. No verdict is wrong in the structured world, for 1 of 2 seeds. ' +
      'No claim holds in the null world, for 1 of 1 seeds; one does not hold in 1.',
  );
  const cells = (line: string) => line.replaceAll(/ *\| */g, '|');
  assert.equal(cells(lines[4]), '|GenEst|FineAll \\> FineZero|2|0|2|0.300 ± 0.141|0|0|1|0.000|');
  assert.equal(cells(lines[5]), '|AgeEst|FineAll \\> FineZero|1|0|2|0.100 ± 0.000|0|1|1|-0.300|');
});
