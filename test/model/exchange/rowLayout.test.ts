import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { rowLayout } from '../../../lib/model/exchange/rowLayout';
import { readAuthorsTrunk } from '../../../lib/model/files/authorsTrunk';
import { loadTrunk } from '../../../lib/model/files/trunkFile';
import type { Padding } from '../../../lib/model/trunk';
import type { Representation } from '../../../lib/model/userModel';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from './authorsFiles';
import { tinyFiles } from './tinyFiles';

const items = 'the latest items, oldest first';
const masked = 'padding changes no number';
const embedded = 'padding changes numbers: in training rows were filled up with it';

type Of = readonly [Direction, Padding, Representation?];

/** Rows of seven ids of six items, the items from 1 on and [TCL] 7, out of a training on five items. */
const LAYOUTS: readonly {
  readonly of: Of;
  readonly words: string;
  readonly ids: string;
  readonly trained: number;
}[] = [
  { of: ['causal', 'masked'], words: `padding, ${items}`, ids: '0 0 0 0 1 2 3', trained: 5 },
  {
    of: ['causal', 'embedded', 'token'],
    words: `padding, ${items}, [TCL]`,
    ids: '0 0 0 1 2 3 7',
    trained: 6,
  },
  { of: ['causal', 'masked', 'mean'], words: `padding, ${items}`, ids: '0 0 0 0 1 2 3', trained: 5 },
  {
    of: ['non-causal', 'embedded', 'token'],
    words: `[TCL], padding, ${items}, [TCL]`,
    ids: '7 0 0 1 2 3 7',
    trained: 7,
  },
  {
    of: ['non-causal', 'masked', 'token and mean'],
    words: `padding, [TCL], ${items}, [TCL]`,
    ids: '0 0 7 1 2 3 7',
    trained: 7,
  },
];

for (const { of, words, ids, trained: trainedLength } of LAYOUTS) {
  const [direction, padding, representation] = of;
  test(`${of.join(', ')}: the layout in words and by an example`, () => {
    const trunk = loadTrunk(tinyFiles(direction, 'classify', padding).trunk);
    const layout = `${words}; ${padding === 'masked' ? masked : embedded}`;
    assert.deepEqual(rowLayout(trunk, 7, representation), {
      ...{ padding: 0, firstItem: 1, tcl: 7, direction, paddedPositions: padding },
      ...{ length: 7, trainedLength, representation, layout },
      example: { items: ['film1', 'film2', 'film3'], ids: ids.split(' ').map(Number) },
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
