import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFamily } from '../../lib/studies/worldFamily';
import { folderWith } from '../datasets/folders';
import { preset } from '../recipes/tinyTasks';

test('the family runs with a fifth and with all of the labels, and is asked', async () => {
  const lines: string[] = [];
  await runFamily(folderWith({}), {
    world: { kind: 'structured', users: 60, items: 100, length: 8, seed: 1 },
    tasks: ['AgeEst'],
    preset: { ...preset, dilations: [1] },
    seeds: 2,
    print: (line) => void lines.push(line),
  });
  const all = lines.indexOf('100 % of the labels');
  assert.equal(lines[0], '20 % of the labels');
  assert.match(lines[1], /^AgeEst\tLabelCS\t\d\.\d{3} ± \d\.\d{3}$/);
  // Ten methods; what a profile is asked about them: five claims of fine-tuning, and four methods that beat LabelCS.
  assert.equal(all, 1 + 10 + 9);
  // Three methods, two claims about them.
  assert.equal(lines.length, all + 1 + 3 + 2);
  assert.match(lines[lines.length - 1], /^AgeEst\tPeterRec > FineCLS\t.*\t(holds|does not hold|undecided)$/);
});
