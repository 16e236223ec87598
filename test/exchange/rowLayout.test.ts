import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowLayout } from '../../lib/exchange/rowLayout';
import type { Padding } from '../../lib/model/trunk';
import type { Representation } from '../../lib/model/userModel';
import { readAuthorsTrunk } from '../../lib/modelFiles/authorsTrunk';
import { loadTrunk } from '../../lib/modelFiles/trunkFile';
import type { Direction } from '../../lib/tensorflow/ops/convolution';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from './authorsFiles';
import { tinyFiles } from './tinyFiles';

const items = 'the latest items, oldest first';
const masked = 'padding changes no number';
const embedded = 'padding changes numbers: in training rows were filled up with it';

type Layout = readonly [
  Direction,
  Padding,
  Representation | undefined,
  words: string,
  ids: number[],
  trained: number,
];

/** Rows of seven ids of six items, the items from 1 on and [TCL] 7, out of a training on five items. */
const LAYOUTS: readonly Layout[] = [
  ['causal', 'masked', undefined, `padding, ${items}; ${masked}`, [0, 0, 0, 0, 1, 2, 3], 5],
  ['causal', 'embedded', 'token', `padding, ${items}, [TCL]; ${embedded}`, [0, 0, 0, 1, 2, 3, 7], 6],
  ['causal', 'masked', 'mean', `padding, ${items}; ${masked}`, [0, 0, 0, 0, 1, 2, 3], 5],
  [
    'non-causal',
    'embedded',
    'token',
    `[TCL], padding, ${items}, [TCL]; ${embedded}`,
    [7, 0, 0, 1, 2, 3, 7],
    7,
  ],
  [
    'non-causal',
    'masked',
    'token and mean',
    `padding, [TCL], ${items}, [TCL]; ${masked}`,
    [0, 0, 7, 1, 2, 3, 7],
    7,
  ],
];

for (const [direction, padding, representation, layout, ids, trainedLength] of LAYOUTS) {
  test(`${direction}, ${padding} padding, ${representation ?? 'a trunk'}: the layout in words and by an example`, () => {
    const trunk = loadTrunk(tinyFiles(direction, 'classify', padding).trunk);
    assert.deepEqual(rowLayout(trunk, 7, representation), {
      ...{ padding: 0, firstItem: 1, tcl: 7, direction, paddedPositions: padding },
      ...{ length: 7, trainedLength, representation, layout },
      example: { items: ['film1', 'film2', 'film3'], ids },
    });
  });
}

test('of an imported trunk is said what is known: its items are ids', () => {
  const trunk = readAuthorsTrunk(saveCheckpoint(authorsVariables(madeUpTrunk())), 'causal');
  const layout = rowLayout({ ...trunk, name: 'made-up', source: undefined }, 4);
  assert.deepEqual(JSON.parse(JSON.stringify(layout)), {
    ...{ padding: 0, direction: 'causal', paddedPositions: 'embedded', length: 4 },
    layout: `padding, ${items}; ${embedded}`,
    example: { items: [1, 2, 3], ids: [0, 1, 2, 3] },
  });
});

test('an example is as long as a row has room', () => {
  const trunk = loadTrunk(tinyFiles('non-causal').trunk);
  assert.deepEqual(rowLayout(trunk, 3, 'token').example, { items: ['film1'], ids: [7, 1, 7] });
});
