import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Direction } from '../../../lib/engine/ops/convolution';
import { rowLayout } from '../../../lib/model/exchange/exportModel';
import { loadTrunk } from '../../../lib/model/files/trunkFile';
import type { Padding } from '../../../lib/model/trunks/architecture';
import type { Representation } from '../../../lib/model/userModel';
import { authorsVariables, madeUpTrunk, saveCheckpoint } from './authorsFiles';
import { tinyFiles } from './tinyFiles';

const WORDS = {
  masked: 'padding changes no number',
  embedded: 'padding changes numbers: in training rows were filled up with it',
};
const items = 'the latest items, oldest first';

type Layout = readonly [
  Direction,
  Padding,
  Representation | undefined,
  words: string,
  ids: string,
  trained: number,
];
/** Rows of six items, the items from 1 on and [TCL] 7, out of a training on five items. */
const LAYOUTS: readonly Layout[] = [
  ['causal', 'masked', undefined, `padding, ${items}`, '0 0 1 2 3', 5],
  ['causal', 'embedded', 'token', `padding, ${items}, [TCL]`, '0 0 1 2 3 7', 6],
  ['causal', 'masked', 'mean', `padding, ${items}`, '0 0 1 2 3', 5],
  ['non-causal', 'embedded', 'token', `[TCL], padding, ${items}, [TCL]`, '7 0 0 1 2 3 7', 7],
  ['non-causal', 'masked', 'token', `padding, [TCL], ${items}, [TCL]`, '0 0 7 1 2 3 7', 7],
];

test('a layout is given in words and by an example', () => {
  for (const [direction, padding, representation, words, ids, trainedLength] of LAYOUTS) {
    const trunk = loadTrunk(tinyFiles(direction, 'classify', padding).trunk);
    assert.deepEqual(rowLayout(trunk, representation && { shape: trunk.shape, representation }), {
      ...{ padding: 0, firstItem: 1, tcl: 7, direction, paddedPositions: padding },
      ...{ trainedLength, representation, layout: `${words}; ${WORDS[padding]}` },
      example: { items: ['film1', 'film2', 'film3'], ids: ids.split(' ').map(Number) },
    });
  }
});

test('the layout of an imported trunk has ids in place of items', () => {
  const trunk = loadTrunk(saveCheckpoint(authorsVariables(madeUpTrunk())), 'causal');
  assert.deepEqual(JSON.parse(JSON.stringify(rowLayout(trunk))), {
    ...{ padding: 0, direction: 'causal', paddedPositions: 'embedded' },
    layout: `padding, ${items}; ${WORDS.embedded}`,
    example: { items: [1, 2, 3], ids: [0, 0, 1, 2, 3] },
  });
});
