/** The tables of lib/model/README.md against the lists of trunks and of forms. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { markdownTable } from 'markdown-table';
import { random } from '../../lib/base/random';
import { countWeights, type Tree, type Weight } from '../../lib/engine/weights';
import { examples, forms, freshPatches, isMergeable } from '../../lib/model/patches/patches';
import { objectiveOf, trunkNames, trunks } from '../../lib/model/trunks/names';
import { shapesOf, type TrunkShape } from '../../lib/model/trunks/trunk';

const README = 'lib/model/README.md';

/** Requires a table as its list has it; where the file has another one, writes it first. */
function requireTable(...rows: readonly (readonly string[])[]): void {
  const text = fs.readFileSync(README, 'utf8');
  const start = text.indexOf(`| ${rows[0][0]}`);
  const whole = `${text.slice(0, start)}${markdownTable(rows)}${text.slice(text.indexOf('\n\n', start))}`;
  if (whole !== text) fs.writeFileSync(README, whole);
  assert.ok(whole === text, `${README}: the table of ${rows[0][0]} was out of date and is written anew`);
}

test('the table of trunks says what the list says', () => {
  const objectives = { nextItem: 'next item', maskedItems: 'masked items' };
  requireTable(
    ['`trunk`', 'about', 'pre-trained by'],
    ...trunkNames.map((trunk) => [`\`${trunk}\``, trunks[trunk].about, objectives[objectiveOf({ trunk })]]),
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
    return [`\`${form}\``, forms[form].about, weights, isMergeable(form) ? 'yes' : 'no'];
  });
  requireTable(['`patches.form`', 'about', 'weights', 'merged for use'], ...rows);
});
