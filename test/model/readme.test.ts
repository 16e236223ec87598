/** The tables of lib/model/README.md against the lists of trunks and of forms. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { countWeights, type Tree, type Weight } from '../../lib/engine/weights';
import { examples, forms, freshPatches, isMergeable } from '../../lib/model/patches/patches';
import { objectiveOf, trunkNames, trunks } from '../../lib/model/trunks/names';
import { shapesOf, type TrunkShape } from '../../lib/model/trunks/trunk';

/** Cells of the table whose head begins with `head`, without quotation marks. */
function rowsOf(head: string): string[][] {
  const [, table] = fs.readFileSync('lib/model/README.md', 'utf8').split(`| \`${head}\``);
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the table of trunks says what the list says', () => {
  const objectives = { nextItem: 'next item', maskedItems: 'masked items' };
  assert.deepEqual(
    rowsOf('trunk').map(([name, about, , by]) => [name, about, by]),
    trunkNames.map((trunk) => [trunk, trunks[trunk].about, objectives[objectiveOf({ trunk })]]),
  );
});

test('the table of forms says what the list says, and counts their weights', () => {
  const sizes = { trunk: 'causal', kernel: 3, dilations: [1, 4, 16] } as const;
  const shape: TrunkShape = { ...sizes, items: 1, channels: 64, padding: 'masked' };
  const trunk = shapesOf(shape);
  const rows = examples.map((insertion) => {
    const { form = 'bottleneck' } = insertion;
    const patches = freshPatches({ trunk, shape }, insertion, random(0)) as Tree<Weight>;
    const weights = countWeights(patches).toLocaleString('en');
    return [form, forms[form].about, weights, isMergeable(form) ? 'yes' : 'no'];
  });
  assert.deepEqual(rowsOf('patches.form'), rows);
});
